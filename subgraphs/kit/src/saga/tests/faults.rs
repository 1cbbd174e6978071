//! Connections that are killed, and others that are of another build.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use uuid::Uuid;
use wire::{Domain, commands::stock::ReleaseStock};

use super::{order, purchase::Purchase, world::World};
use crate::{
    command::{CommandConsumer, CommandHandler, Request, tests::shop::quick},
    consumer::HandlerError,
};

/// Whatever is done at that moment, in each database and again and again.
#[tokio::test(flavor = "multi_thread")]
async fn backends_killed_in_the_middle_lose_and_double_nothing() {
    let world = World::open().await;
    let ids: Vec<Uuid> = (10..30).map(order).collect();
    for &id in &ids {
        world.place(id, 600_000).await;
    }
    let running = [world.start_orders(2), world.start_stock(), world.start_payments()];
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
        AND datname = current_database() AND backend_type = 'client backend' AND xact_start IS NOT NULL";
    let mut killed = 0;
    // Until so many were in the midst of a transaction, or there is nothing left to disturb.
    for round in 0..200 {
        let service = [&world.orders, &world.stock, &world.payments][round % 3];
        let killer = service.database().bulk_connection().await.unwrap();
        killed += killer.query_one(kill, &[]).await.unwrap().get::<_, i64>(0);
        if killed >= 25 {
            break;
        }
    }
    world.wait_for_ends(ids.len()).await;
    world.shop.wait_until_quiet(&[&world.orders, &world.stock, &world.payments]).await;
    for running in running {
        running.stop().await;
    }
    assert!(killed > 0);
    world.reconcile(&ids).await;
}

wire::dispatch! {
    /// All that an older build of stock can be asked.
    enum OlderStock {
        Release(ReleaseStock),
    }
}

struct Older;

impl CommandHandler for Older {
    type Commands = OlderStock;

    fn handle<'a>(
        &'a self,
        _: &'a mut AsyncPgConnection,
        _: &'a Request,
        _: OlderStock,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async { Err(HandlerError::poison("nobody asks for this")) })
    }
}

/// A saga hears that as it hears any refusal.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_its_target_does_not_know_is_a_refusal() {
    let world = World::open().await;
    let stock = world.stock.start(|workers, database, bus| {
        workers.with(CommandConsumer::new(database, bus, Domain::Stock, Older).with_config(quick()))
    });
    let orders = world.start_orders(1);
    world.place(order(10), 600_000).await;
    world.wait_for_ends(1).await;
    orders.stop().await;
    stock.stop().await;
    assert_eq!(world.states().await[&order(10)], Purchase::Cancelled { why: "UNKNOWN_COMMAND".to_owned() });
}
