//! The pool and the migrations, on a real server.

mod migrations;
mod units;

use std::time::Instant;

use diesel::prelude::*;
use diesel_async::{AsyncConnection as _, RunQueryDsl, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use super::{Connection, *};
use crate::testing::TestDatabase;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

async fn one(connection: &mut Connection) -> i32 {
    diesel::select(1_i32.into_sql::<diesel::sql_types::Integer>()).get_result(connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_statements_and_not_the_set_up_of_connections() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    assert_eq!(database.statements_executed(), 0);
    let mut first = database.connection().await.unwrap();
    let mut second = database.connection().await.unwrap();
    assert_eq!(database.statements_executed(), 0);
    assert_eq!(one(&mut first).await + one(&mut second).await, 2);
    drop((first, second));
    one(&mut database.connection().await.unwrap()).await;
    assert_eq!(database.statements_executed(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_for_a_connection_no_longer_than_allowed() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let config = DatabaseConfig { pool_size_max: 1, acquire_timeout_ms: 2_000, ..DatabaseConfig::default() };
    let database = Database::connect(test.url(), config).await.unwrap();
    let held = database.connection().await.unwrap();
    let start = Instant::now();
    let refused = database.connection().await;
    assert!(matches!(refused, Err(DatabaseError::PoolExhausted(_))));
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(!database.is_ready().await);
    drop(held);
    assert!(database.is_ready().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_transaction_never_comes_back_from_the_pool() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let config = DatabaseConfig { pool_size_max: 1, ..DatabaseConfig::default() };
    let database = Database::connect(test.url(), config).await.unwrap();
    let mut connection = database.connection().await.unwrap();
    let abandoned = connection.transaction::<(), DatabaseError, _>(async |connection| {
        connection.batch_execute("CREATE TABLE half_done (id int)").await?;
        std::future::pending().await
    });
    assert!(tokio::time::timeout(Duration::from_millis(300), abandoned).await.is_err());
    drop(connection);
    let mut connection = database.connection().await.unwrap();
    connection.batch_execute("CREATE TABLE half_done (id int)").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_gets_a_connection_that_the_server_has_closed() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    let mut held = Vec::new();
    for _ in 0..6 {
        held.push(database.connection().await.unwrap());
    }
    drop(held);
    let killer = database.bulk_connection().await.unwrap();
    let others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    killer.batch_execute(&format!("SELECT pg_terminate_backend(pid) {others}")).await.unwrap();
    let count = format!("SELECT count(*) {others}");
    let gone = async {
        while killer.query_one(&count, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
    for _ in 0..8 {
        assert_eq!(one(&mut database.connection().await.unwrap()).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_starters_one_migrates() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let mut connection = test.database().connection().await.unwrap();
    connection.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
    let starters = (0..6).map(|_| {
        let database = test.database().clone();
        tokio::spawn(async move { database.migrate(MIGRATIONS).await })
    });
    for starter in futures::future::join_all(starters).await {
        starter.unwrap().unwrap();
    }
    connection.batch_execute("SELECT * FROM users, outbox, inbox, dead_letter").await.unwrap();
}

/// The harness blocks; what is awaited beside it in one task must still wake.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starters_of_one_task_all_finish() {
    let tests = futures::future::join_all((0..3).map(|_| TestDatabase::create("kit", MIGRATIONS))).await;
    for _ in 0..10 {
        let starters = tests.iter().map(|test| test.database().migrate(MIGRATIONS));
        let finished = tokio::time::timeout(Duration::from_secs(30), futures::future::try_join_all(starters)).await;
        finished.expect("no starter sleeps for ever").unwrap();
    }
}

#[tokio::test]
async fn says_when_nobody_is_there() {
    let folder = std::env::temp_dir().join("no-such-folder");
    let host = folder.to_string_lossy().replace('/', "%2F");
    let url = format!("postgres://postgres@{host}/x");
    let refused = Database::connect(&url, DatabaseConfig::default()).await;
    assert!(matches!(refused, Err(DatabaseError::Connect(_))));
}

#[test]
fn leads_nowhere_without_a_runtime() {
    let database = Database::unconnected();
    assert_eq!(database.statements_executed(), 0);
    assert!(!format!("{database:?}").contains("nowhere"));
}
