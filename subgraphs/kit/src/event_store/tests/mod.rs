//! Appending and reading, on a real database: one stream's rules, all streams' order, versions and snapshots.

pub(crate) mod account;
mod bounds;
mod conflicts;
mod order;
mod snapshots;
mod versions;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use uuid::Uuid;

use self::account::{Account, AccountEvent, Withdrawn, decide, deposit, deposited};
use super::{Aggregate as _, Loaded, Metadata, ReadError, StoreError, append, head, load, read_after};
use crate::{Database, testing::TestDatabase};

pub(crate) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

async fn account(database: &Database, id: Uuid) -> Loaded<Account> {
    load(&mut database.connection().await.unwrap(), id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_happened_makes_the_state() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id) = (test.database(), Uuid::now_v7());
    assert_eq!((account(database, id).await.version(), account(database, id).await.state().cents), (0, 0));
    assert_eq!(decide(database, id, |_| vec![deposited(500), deposited(250)]).await.unwrap(), 2);
    assert_eq!(decide(database, id, |account| account.withdraw(700)).await.unwrap(), 3);
    assert_eq!(decide(database, id, |account| account.withdraw(700)).await.unwrap(), 3, "there isn't enough any more");
    let loaded = account(database, id).await;
    assert_eq!((loaded.id(), loaded.version()), (id, 3));
    assert_eq!(*loaded.state(), Account { cents: 50, withdrawals: 1 });
    assert_eq!(account(database, Uuid::now_v7()).await.version(), 0, "another one's events aren't read");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_read_in_its_order_with_how_it_came_about() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
    let metadata = Metadata { actor: Some("service:orders".to_owned()), ..Metadata::default() };
    let append_to = async |id, events: Vec<AccountEvent>| {
        let (metadata, events) = (&metadata, &events);
        let unit = test
            .database()
            .unit(async |connection| append(connection, Loaded::<Account>::new(id), events.clone(), metadata).await);
        unit.await.unwrap();
    };
    append_to(one, vec![deposited(1), deposited(2)]).await;
    append_to(other, vec![deposited(3)]).await;
    let mut connection = test.database().connection().await.unwrap();
    let events = read_after(&mut connection, 0, 10).await.unwrap();
    let places: Vec<_> = events.iter().map(|event| (event.position, event.stream_id, event.version)).collect();
    assert_eq!(places, [(1, one, 1), (2, one, 2), (3, other, 1)]);
    assert!(events.iter().all(|event| event.metadata() == metadata));
    assert!(events.iter().all(|event| event.stream == Account::NAME && event.type_name == "deposited"));
    assert_eq!(events[2].event_of::<Account>().unwrap(), Some(deposited(3)));
    assert_eq!(events[2].data, r#"{"cents":3}"#);
    assert_eq!(read_after(&mut connection, 1, 1).await.unwrap(), events[1..2]);
    assert_eq!(read_after(&mut connection, 3, 10).await.unwrap(), []);
    assert_eq!(head(&mut connection).await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_has_happened_is_changed_or_deleted() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    deposit(test.database(), Uuid::now_v7(), 1).await;
    let client = test.database().bulk_connection().await.unwrap();
    for statement in
        ["UPDATE event SET data = '{}'", "DELETE FROM event", "DELETE FROM event WHERE false", "TRUNCATE event"]
    {
        let refused = client.batch_execute(statement).await.unwrap_err();
        assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::RESTRICT_VIOLATION), "{statement}");
    }
}

/// A restored copy, say, in which some are missing.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_of_a_store_with_gaps() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    for cents in 1..=3 {
        deposit(database, Uuid::now_v7(), cents).await;
    }
    let client = database.bulk_connection().await.unwrap();
    client.batch_execute("SET session_replication_role = replica; DELETE FROM event WHERE position = 2").await.unwrap();
    let refused = read_after(&mut database.connection().await.unwrap(), 0, 10).await;
    assert!(matches!(refused, Err(StoreError::Gap { after: 1, found: 3 })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_head_nothing_is_taken() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    database.bulk_connection().await.unwrap().batch_execute("DELETE FROM event_head").await.unwrap();
    let refused = decide(database, Uuid::now_v7(), |_| vec![deposited(1)]).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}
