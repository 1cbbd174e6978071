//! Units of work: what they keep, and what becomes of those that are in each other's way.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::sql_query;
use diesel_async::AsyncPgConnection;
use tokio::sync::Barrier;

use super::*;
use crate::database::{Cause, Failed};

async fn counters() -> TestDatabase {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let mut connection = test.database().connection().await.unwrap();
    let tables =
        "CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL); INSERT INTO counter VALUES (1, 0), (2, 0)";
    connection.batch_execute(tables).await.unwrap();
    drop(connection);
    test
}

async fn add_one(connection: &mut AsyncPgConnection, id: i32) -> Result<(), DatabaseError> {
    let add = format!("UPDATE counter SET value = value + 1 WHERE id = {id}");
    sql_query(add).execute(connection).await?;
    Ok(())
}

/// By its full name: everything here has the `load` of queries.
fn count(tries: &AtomicU32) -> u32 {
    AtomicU32::load(tries, Ordering::Relaxed)
}

async fn values(database: &Database) -> Vec<i32> {
    let client = database.bulk_connection().await.unwrap();
    let rows = client.query("SELECT value FROM counter ORDER BY id", &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_kept_or_nothing() {
    let test = counters().await;
    let database = test.database();
    database.unit(async |connection| add_one(connection, 1).await).await.unwrap();
    let failed = database
        .unit(async |connection| {
            add_one(connection, 1).await?;
            sql_query("SELECT 1 / 0").execute(connection).await?;
            Ok::<_, DatabaseError>(())
        })
        .await;
    assert!(matches!(failed, Err(DatabaseError::Statement(_))));
    assert_eq!(values(database).await, [1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swallowed_error_is_no_success() {
    let test = counters().await;
    let swallowed = test
        .database()
        .unit(async |connection| {
            add_one(connection, 1).await?;
            drop(sql_query("SELECT 1 / 0").execute(connection).await);
            Ok::<_, DatabaseError>(())
        })
        .await;
    assert!(matches!(swallowed, Err(DatabaseError::Statement(_))), "{swallowed:?}");
    assert_eq!(values(test.database()).await, [0, 0]);
}

/// Its COMMIT would only end what was begun last, and all of it would be lost without a word.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_left_open_within_is_no_success() {
    let test = counters().await;
    let left = test
        .database()
        .unit(async |connection| {
            add_one(connection, 1).await?;
            let within = connection.transaction(async |connection| {
                add_one(connection, 2).await?;
                std::future::pending::<Result<(), DatabaseError>>().await
            });
            assert!(tokio::time::timeout(Duration::from_millis(100), within).await.is_err());
            Ok::<_, DatabaseError>(())
        })
        .await;
    assert!(matches!(left, Err(DatabaseError::Statement(diesel::result::Error::BrokenTransactionManager))), "{left:?}");
    assert_eq!(values(test.database()).await, [0, 0]);
}

/// Each of two has what the other wants: PostgreSQL ends one of them, which is tried again.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_tried_again() {
    let test = counters().await;
    let database = test.database();
    let (both_hold, tries) = (Barrier::new(2), AtomicU32::new(0));
    let work = async |mine: i32, theirs: i32| {
        let first = AtomicU32::new(1);
        database
            .unit(async |connection| {
                tries.fetch_add(1, Ordering::Relaxed);
                add_one(connection, mine).await?;
                if first.swap(0, Ordering::Relaxed) == 1 {
                    both_hold.wait().await;
                }
                add_one(connection, theirs).await
            })
            .await
    };
    let outcomes = tokio::join!(work(1, 2), work(2, 1));
    assert!(outcomes.0.is_ok() && outcomes.1.is_ok(), "{outcomes:?}");
    assert_eq!(count(&tries), 3);
    assert_eq!(values(database).await, [2, 2]);
}

/// Everybody reads and then writes what all have read: in this isolation only one at a time can.
#[tokio::test(flavor = "multi_thread")]
async fn lost_serializations_are_tried_again() {
    let test = counters().await;
    let database = test.database();
    let work = async || {
        database
            .unit(async |connection| {
                connection.batch_execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE").await?;
                add_one(connection, 1).await
            })
            .await
    };
    let outcomes = futures::future::join_all((0..4).map(|_| work())).await;
    let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(values(database).await, [i32::try_from(done).unwrap(), 0]);
    assert_eq!(done, 4, "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_are_bounded() {
    let test = counters().await;
    let tries = AtomicU32::new(0);
    let conflict = "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = 'serialization_failure'; END $$";
    let failed = test
        .database()
        .unit(async |connection| {
            tries.fetch_add(1, Ordering::Relaxed);
            connection.batch_execute(conflict).await?;
            Ok::<_, DatabaseError>(())
        })
        .await;
    assert!(matches!(failed, Err(DatabaseError::Statement(_))));
    assert_eq!(count(&tries), 6);
}

/// Whatever the server says to the one that it ends: its words depend on its language.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_told_from_failed_work() {
    let test = counters().await;
    let database = test.database();
    let lost: Result<(), Failed<DatabaseError>> = database
        .try_unit(async |connection| {
            add_one(connection, 1).await?;
            connection.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())").await?;
            Ok(())
        })
        .await;
    assert_eq!(lost.unwrap_err().cause, Cause::Lost);
    let failed: Result<(), Failed<DatabaseError>> = database
        .try_unit(async |connection| {
            connection.batch_execute("SELECT 1 / 0").await?;
            Ok(())
        })
        .await;
    assert_eq!(failed.unwrap_err().cause, Cause::Work);
    let nowhere: Result<(), Failed<DatabaseError>> = Database::unconnected().try_unit(async |_| Ok(())).await;
    assert_eq!(nowhere.unwrap_err().cause, Cause::Lost);
    assert_eq!(values(database).await, [0, 0]);
}
