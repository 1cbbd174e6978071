//! Once under a key, by many at once and over time.

use diesel::sql_query;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use futures::future::join_all;
use tokio::sync::Notify;

use super::*;
use crate::{
    database::{Database, DatabaseConfig, DatabaseError},
    testing::TestDatabase,
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

#[derive(Debug, thiserror::Error)]
enum TestError {
    #[error("key")]
    Key(#[from] IdempotencyError),
    #[error("database")]
    Database(#[from] DatabaseError),
    #[error("refused")]
    Refused,
}

impl From<diesel::result::Error> for TestError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

async fn bank() -> TestDatabase {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let table = "CREATE TABLE charge (number bigint GENERATED ALWAYS AS IDENTITY, amount int NOT NULL)";
    test.database().bulk_connection().await.unwrap().batch_execute(table).await.unwrap();
    test
}

async fn charge(connection: &mut AsyncPgConnection, amount: i32) -> Result<String, TestError> {
    sql_query(format!("INSERT INTO charge (amount) VALUES ({amount})")).execute(connection).await?;
    Ok(format!("charged {amount}"))
}

async fn pay(database: &Database, scope: &str, key: &str, amount: i32) -> Result<Reply, TestError> {
    let body = BodyHash::of_json(&amount).unwrap();
    database
        .unit(async |connection| {
            once(connection, scope, key, &body, async |connection| charge(connection, amount).await).await
        })
        .await
}

async fn charges(database: &Database) -> i64 {
    let client = database.bulk_connection().await.unwrap();
    client.query_one("SELECT count(*) FROM charge", &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_with_one_key_are_one() {
    let test = bank().await;
    // Of a hundred who want one of sixteen connections some wait long on a slow machine.
    let config = DatabaseConfig { acquire_timeout_ms: 60_000, ..DatabaseConfig::default() };
    let database = &Database::connect(test.url(), config).await.unwrap();
    let replies = join_all((0..100).map(|_| pay(database, "pay:a", "k", 7))).await;
    let replies: Vec<Reply> = replies.into_iter().map(Result::unwrap).collect();
    assert!(replies.iter().all(|reply| reply.json == r#""charged 7""#), "{replies:?}");
    assert_eq!(replies.iter().filter(|reply| !reply.is_replay).count(), 1);
    assert_eq!(charges(database).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_body_is_refused_and_another_scope_is_another_key() {
    let test = bank().await;
    let database = test.database();
    pay(database, "pay:a", "k", 7).await.unwrap();
    let refused = pay(database, "pay:a", "k", 8).await;
    assert!(matches!(refused, Err(TestError::Key(IdempotencyError::KeyReused))), "{refused:?}");
    assert!(!pay(database, "pay:b", "k", 8).await.unwrap().is_replay);
    assert!(!pay(database, "pay:a", "l", 8).await.unwrap().is_replay);
    assert_eq!(charges(database).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_under_a_key_is_found_and_nothing_taken() {
    let test = bank().await;
    let database = test.database();
    let look = async |key: &str, amount: i32| {
        let mut connection = database.connection().await.unwrap();
        find(&mut connection, "pay:a", key, &BodyHash::of_json(&amount).unwrap()).await
    };
    assert_eq!(look("k", 7).await.unwrap(), None);
    let first = pay(database, "pay:a", "k", 7).await.unwrap();
    assert_eq!(look("k", 7).await.unwrap(), Some(Reply { is_replay: true, ..first }));
    assert!(matches!(look("k", 8).await, Err(IdempotencyError::KeyReused)));
    assert!(matches!(look("", 7).await, Err(IdempotencyError::Key)));
    let client = database.bulk_connection().await.unwrap();
    client.batch_execute("UPDATE idempotency SET created_at = now() - interval '25 hours'").await.unwrap();
    assert_eq!(look("k", 8).await.unwrap(), None, "it stands for nothing any more");
    assert_eq!(charges(database).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_leaves_the_key_free() {
    let test = bank().await;
    let database = test.database();
    let body = BodyHash::of(&[b"7"]);
    let failed: Result<Reply, TestError> = database
        .unit(async |connection| {
            once(connection, "pay:a", "k", &body, async |connection| {
                charge(connection, 7).await?;
                Err::<String, _>(TestError::Refused)
            })
            .await
        })
        .await;
    assert!(matches!(failed, Err(TestError::Refused)));
    assert_eq!(charges(database).await, 0);
    assert!(!pay(database, "pay:a", "k", 8).await.unwrap().is_replay);
}

/// The second comes while the first is at it: it waits, and then does the work itself or not.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_waits_for_the_first() {
    let test = bank().await;
    let database = test.database();
    for is_rolled_back in [true, false] {
        let (begun, go_on) = (Notify::new(), Notify::new());
        let body = BodyHash::of_json(&7).unwrap();
        let first = database.unit(async |connection| {
            once(connection, "pay:a", "k", &body, async |connection| {
                begun.notify_one();
                go_on.notified().await;
                if is_rolled_back { Err(TestError::Refused) } else { charge(connection, 7).await }
            })
            .await
        });
        let second = async {
            begun.notified().await;
            let mut second = std::pin::pin!(pay(database, "pay:a", "k", 7));
            let client = database.bulk_connection().await.unwrap();
            let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted";
            let sees_waiting = crate::testing::wait_for("the second to wait", async || {
                (client.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) > 0).then_some(())
            });
            tokio::select! {
                early = &mut second => panic!("it didn't wait: {early:?}"),
                () = sees_waiting => go_on.notify_one(),
            }
            second.await
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!(first.is_err(), is_rolled_back);
        assert_eq!(second.unwrap().is_replay, !is_rolled_back);
        assert_eq!(charges(database).await, 1);
        database.bulk_connection().await.unwrap().batch_execute("TRUNCATE charge, idempotency").await.unwrap();
    }
}

/// The wait has an end, which says that nothing is known.
#[tokio::test(flavor = "multi_thread")]
async fn who_waits_too_long_is_told_so() {
    let test = bank().await;
    let database = test.database();
    let client = database.bulk_connection().await.unwrap();
    let first = "BEGIN; INSERT INTO idempotency (scope, key, body_hash) VALUES ('pay:a', 'k', sha256('7'))";
    client.batch_execute(first).await.unwrap();
    let told = pay(database, "pay:a", "k", 7).await;
    assert!(matches!(told, Err(TestError::Key(IdempotencyError::InProgress))), "{told:?}");
    client.batch_execute("ROLLBACK").await.unwrap();
    assert!(!pay(database, "pay:a", "k", 7).await.unwrap().is_replay);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_free_again_after_a_day() {
    let test = bank().await;
    let database = test.database();
    let client = database.bulk_connection().await.unwrap();
    let age = async |interval: &str| {
        let age = format!("UPDATE idempotency SET created_at = now() - interval '{interval}'");
        client.batch_execute(&age).await.unwrap();
    };
    pay(database, "pay:a", "k", 7).await.unwrap();
    age("23 hours 59 minutes").await;
    assert!(pay(database, "pay:a", "k", 7).await.unwrap().is_replay);
    assert_eq!(forget(database).await.unwrap(), 0);
    age("24 hours 1 minute").await;
    assert!(!pay(database, "pay:a", "k", 8).await.unwrap().is_replay);
    assert!(pay(database, "pay:a", "k", 8).await.unwrap().is_replay);
    age("24 hours 1 minute").await;
    assert_eq!(forget(database).await.unwrap(), 1);
    assert_eq!(charges(database).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_replies_are_bounded() {
    let test = bank().await;
    let database = test.database();
    for key in ["", "a\0b", &"k".repeat(256)] {
        let refused = pay(database, "pay:a", key, 7).await;
        assert!(matches!(refused, Err(TestError::Key(IdempotencyError::Key))), "{refused:?}");
    }
    for scope in ["", &"s".repeat(129)] {
        let refused = pay(database, scope, "k", 7).await;
        assert!(matches!(refused, Err(TestError::Key(IdempotencyError::Scope))), "{refused:?}");
    }
    pay(database, &"s".repeat(128), &"k".repeat(255), 7).await.unwrap();
    let body = BodyHash::of(&[]);
    let long: Result<Reply, TestError> = database
        .unit(async |connection| {
            once(connection, "a", "k", &body, async |_| Ok::<_, TestError>("x".repeat(256 * 1024))).await
        })
        .await;
    assert!(matches!(long, Err(TestError::Key(IdempotencyError::Reply(None)))), "{long:?}");
}
