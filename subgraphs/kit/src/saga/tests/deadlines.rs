//! Nobody answers, or too late.

use std::sync::Arc;

use uuid::Uuid;
use wire::{Domain, bus::Bus, topic::Purpose};

use super::{
    super::{Runner, Status, show, status},
    order,
    purchase::Purchase,
    things::things,
    world::{World, config},
};
use crate::{testing::wait_for, worker::Workers};

/// Payments is away until the time is over, and does then what it was asked, in its order.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_undoes_what_was_done_and_late_replies_are_passed_over() {
    let world = World::open().await;
    let id = order(10);
    let running = [world.start_orders(2), world.start_stock()];
    world.place(id, 3_600_000).await;
    wait_for("a reservation", async || (world.states().await[&id] == Purchase::Authorising).then_some(())).await;
    let client = world.orders.database().bulk_connection().await.unwrap();
    client.execute("UPDATE saga SET deadline = now() - interval '1 second'", &[]).await.unwrap();
    let undoing = |open| Purchase::Undoing { open, why: "TIMED_OUT".to_owned() };
    wait_for("the deadline", async || (world.states().await[&id] == undoing(1)).then_some(())).await;
    let payments = world.start_payments();
    world.wait_for_ends(1).await;
    world.shop.wait_until_quiet(&[&world.orders, &world.stock, &world.payments]).await;
    // It was authorised, and voided after that; the saga heard the second only.
    let replies = world.shop.messages(Domain::Orders, Purpose::Replies).await;
    let names = |name: &str| replies.iter().filter(|reply| reply.text.contains(name)).count();
    assert_eq!((names("authorise-payment-reply"), names("void-payment-reply")), (1, 1));
    for running in running.into_iter().chain([payments]) {
        running.stop().await;
    }
    assert_eq!(world.states().await[&id], Purchase::Cancelled { why: "TIMED_OUT".to_owned() });
    assert_eq!(world.changes(id).await, ["Reserved", r#"Cancelled("TIMED_OUT")"#]);
    assert_eq!((&*things(&world.stock).await[&id], &*things(&world.payments).await[&id]), ("closed", "closed"));
    let mut connection = world.orders.database().connection().await.unwrap();
    let (saga, _) = show(&mut connection, "purchase", id).await.unwrap().unwrap();
    // Reserving, authorising, undoing, one answer, the other and the end.
    assert_eq!((saga.version, saga.status, saga.deadline), (5, Status::Ended, None));
    assert!(saga.awaited.is_empty());
}

/// The bus is away, so that nobody has been asked: their time begins when it has the question.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_is_put_off_while_the_command_has_not_left() {
    let world = World::open().await;
    let id = order(10);
    world.place(id, 0).await;
    let database = world.orders.database().clone();
    let runner = Runner::<Purchase>::new(database, Arc::clone(&world.shop.bus) as Arc<dyn Bus>).with_config(config());
    let without_relay = Workers::new("orders").with(runner).start();
    let client = world.orders.database().bulk_connection().await.unwrap();
    let put_off =
        "SELECT FROM saga WHERE version = 1 AND status = 'active' AND updated_at > begun_at + interval '1 second'";
    wait_for("another deadline", async || client.query_opt(put_off, &[]).await.unwrap()).await;
    assert_eq!(world.states().await[&id], Purchase::Reserving);
    without_relay.stop().await;
    let orders = world.start_orders(1);
    let undoing = Purchase::Undoing { open: 2, why: "TIMED_OUT".to_owned() };
    wait_for("the deadline", async || (world.states().await[&id] == undoing).then_some(())).await;
    orders.stop().await;
}

/// More than are looked up at once, and two who look.
#[tokio::test(flavor = "multi_thread")]
async fn many_deadlines_at_once_wake_each_saga_once() {
    let world = World::open().await;
    let ids: Vec<Uuid> = (0..23).map(|number| order(10 + number * 5)).collect();
    for &id in &ids {
        world.place(id, 0).await;
    }
    let mut connection = world.orders.database().connection().await.unwrap();
    let counts = status(&mut connection).await.unwrap();
    assert_eq!((counts.len(), counts[0].status, counts[0].sagas, counts[0].overdue), (1, Status::Active, 23, 23));
    drop(connection);
    let orders = world.start_orders(2);
    let undoing = Purchase::Undoing { open: 2, why: "TIMED_OUT".to_owned() };
    wait_for("all to be woken", async || world.states().await.values().all(|state| *state == undoing).then_some(()))
        .await;
    // Each has sent its two commands, once.
    world.shop.wait_for_messages(Domain::Payments, Purpose::Commands, ids.len()).await;
    let others = [world.start_stock(), world.start_payments()];
    world.wait_for_ends(ids.len()).await;
    world.shop.wait_until_quiet(&[&world.orders, &world.stock, &world.payments]).await;
    for running in others.into_iter().chain([orders]) {
        running.stop().await;
    }
    assert_eq!(world.shop.messages(Domain::Payments, Purpose::Commands).await.len(), ids.len());
    assert_eq!(world.shop.messages(Domain::Stock, Purpose::Commands).await.len(), 2 * ids.len());
    for id in ids {
        assert_eq!(world.changes(id).await, [r#"Cancelled("TIMED_OUT")"#]);
    }
}
