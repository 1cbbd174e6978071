//! Beginning, and being told.

use uuid::Uuid;
use wire::{Domain, topic::Purpose};

use super::{
    super::{Listed, SagaError, Status, StepError, Told, begin, list, show, tell},
    order,
    purchase::{Purchase, Wish},
    world::World,
};
use crate::{database::DatabaseError, event_store::Metadata};

const PLACE: Wish = Wish::Place { patience_ms: 60_000 };

async fn cancel(world: &World, id: Uuid) -> Result<Told, StepError> {
    let metadata = Metadata { actor: Some("service:test".to_owned()), ..Metadata::default() };
    let telling = async |connection: &mut diesel_async::AsyncPgConnection| {
        tell::<Purchase>(connection, id, &Wish::Cancel, &metadata).await
    };
    world.orders.database().unit(telling).await
}

#[tokio::test(flavor = "multi_thread")]
async fn begins_once_or_not_at_all() {
    let world = World::open().await;
    let (id, database) = (order(10), world.orders.database());
    let failed = database.unit(async |connection| {
        assert!(begin::<Purchase>(connection, id, &PLACE, &Metadata::default()).await?);
        Err::<(), StepError>(DatabaseError::Statement(diesel::result::Error::RollbackTransaction).into())
    });
    assert!(failed.await.is_err());
    assert_eq!(world.orders.outbox_waiting().await, 0);
    assert!(world.states().await.is_empty());
    assert!(world.place(id, 60_000).await);
    assert!(!world.place(id, 60_000).await);
    // Two at the same time.
    let (one, other) = tokio::join!(world.place(order(11), 60_000), world.place(order(11), 60_000));
    assert_ne!(one, other);
    assert_eq!(world.orders.outbox_waiting().await, 2);
    let mut connection = database.connection().await.unwrap();
    let (saga, state) = show(&mut connection, "purchase", id).await.unwrap().unwrap();
    assert_eq!((saga.version, saga.status, &*state), (1, Status::Active, "\"Reserving\""));
    assert_eq!((saga.awaited.len(), &*saga.awaited[0].name), (1, "stock.reserve-stock"));
    assert!(saga.deadline > Some(saga.begun_at));
}

/// The command of a step that was taken back and is taken again is the same one.
#[tokio::test(flavor = "multi_thread")]
async fn a_step_taken_again_sends_the_same_command() {
    let (one, other) = (World::open().await, World::open().await);
    let mut ids = Vec::new();
    for world in [&one, &other] {
        world.place(order(10), 60_000).await;
        let running = world.start_orders(1);
        let commands = world.shop.wait_for_messages(Domain::Stock, Purpose::Commands, 1).await;
        running.stop().await;
        assert_eq!(commands[0].correlation_id, Some(order(10).to_string()));
        ids.push(commands[0].id.clone());
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_own_domain_tells_it_and_is_told_when_that_is_impossible() {
    let world = World::open().await;
    let id = order(10);
    assert_eq!(cancel(&world, id).await.unwrap(), Told::Unknown);
    world.place(id, 60_000).await;
    assert_eq!(cancel(&world, id).await.unwrap(), Told::Heard);
    assert_eq!(world.states().await[&id], Purchase::Undoing { open: 2, why: "CANCELLED".to_owned() });
    // It has no answer to that, and isn't stuck for it; the transaction goes on.
    let again = world.orders.database().unit(async |connection| {
        let refused = tell::<Purchase>(connection, id, &Wish::Cancel, &Metadata::default()).await;
        assert!(matches!(refused, Err(StepError::Saga(SagaError { .. }))), "{refused:?}");
        begin::<Purchase>(connection, order(11), &PLACE, &Metadata::default()).await
    });
    assert!(again.await.unwrap());
    // Nor does one begin with that.
    let wrong = world.orders.database().unit(async |connection| {
        let refused = begin::<Purchase>(connection, order(12), &Wish::Cancel, &Metadata::default()).await;
        assert!(refused.is_err());
        Ok::<_, StepError>(())
    });
    wrong.await.unwrap();
    let mut connection = world.orders.database().connection().await.unwrap();
    let sagas = list(&mut connection, &Listed::default()).await.unwrap();
    let statuses: Vec<_> = sagas.iter().map(|saga| (saga.id, saga.status, saga.reason.clone())).collect();
    assert_eq!(statuses, [(id, Status::Active, None), (order(11), Status::Active, None)]);
    drop(connection);

    let running = [world.start_orders(1), world.start_stock(), world.start_payments()];
    world.wait_for_ends(2).await;
    assert_eq!(cancel(&world, id).await.unwrap(), Told::Ended);
    // Who cancelled is who wanted what came about by it.
    let commands = world.shop.messages(Domain::Payments, Purpose::Commands).await;
    assert!(commands.iter().any(|command| command.text.contains(r#""actor":"service:test""#)));
    for running in running {
        running.stop().await;
    }
    assert_eq!(world.changes(id).await, [r#"Cancelled("CANCELLED")"#]);
}
