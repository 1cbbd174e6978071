//! Connections that are killed in the midst of it: nothing is half done, and whoever asks again is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel_async::SimpleAsyncConnection as _;
use futures::future::join_all;
use kit::Database;
use kit::database::DatabaseConfig;
use wire::command::Reply;

use super::warehouse::{commit_in, commit_of, release_in, release_of, reserve_in};
use super::{Warehouse, line, product, reservation};
use crate::store::{Cause, StoreError, commit, reserve};

/// How often a command is asked again, as its consumer would: each attempt meets another kill at worst.
const ATTEMPTS_MAX: usize = 200;
const CLIENTS: u64 = 6;
const ORDERS_EACH: u64 = 25;
const KILLS: usize = 40;

/// Until it is answered.
async fn asked<T>(ask: impl AsyncFn() -> Result<T, StoreError>) -> T {
    for _ in 0..ATTEMPTS_MAX {
        if let Ok(answer) = ask().await {
            return answer;
        }
    }
    panic!("no answer after {ATTEMPTS_MAX} attempts");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_of_what_was_not_finished() {
    let warehouse = Warehouse::with(&[5]).await;
    let command = reservation(1, &[line(product(1), 2)]);
    let lost: Result<(), StoreError> = warehouse
        .database()
        .unit(async |connection| {
            reserve(connection, &Cause::default(), &command).await?;
            commit(connection, &Cause::default(), &commit_of(&command)).await?;
            connection.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())").await?;
            Ok(())
        })
        .await;
    assert!(lost.is_err());
    let told = warehouse.told().await.len();
    assert_eq!((warehouse.level(product(1)).await, told), ((5, 0), 2));
    assert!(matches!(warehouse.reserve(&command).await, Reply::Done(_)));
    assert_eq!(warehouse.level(product(1)).await, (5, 2));
    warehouse.reconciled().await;
}

/// Orders of two products each, every third given back, while all connections are killed again and again.
#[tokio::test(flavor = "multi_thread")]
async fn kills_at_any_moment_lose_and_double_nothing() {
    let warehouse = Warehouse::with(&[60, 60]).await;
    let config = DatabaseConfig { pool_size_max: 6, acquire_timeout_ms: 60_000 };
    let database = Database::connect(warehouse.test.url(), config).await.unwrap();
    let answered = Arc::new(AtomicUsize::new(0));
    let clients = (0..CLIENTS).map(|client| {
        let (database, answered) = (database.clone(), Arc::clone(&answered));
        async move {
            let mut sold = 0;
            for number in 1..=ORDERS_EACH {
                let command = reservation(client * 1_000 + number, &[line(product(1), 1), line(product(2), 1)]);
                let reserved = asked(async || reserve_in(&database, &command).await).await;
                if number.is_multiple_of(3) {
                    asked(async || release_in(&database, &release_of(&command)).await).await;
                } else {
                    let committed = asked(async || commit_in(&database, &commit_of(&command)).await).await;
                    assert_eq!(matches!(reserved, Reply::Done(_)), matches!(committed, Reply::Done(_)));
                    sold += i32::from(matches!(committed, Reply::Done(_)));
                }
                answered.fetch_add(1, Ordering::Relaxed);
            }
            sold
        }
    });
    let (sold, ()) = tokio::join!(join_all(clients), kill_as_they_go(&warehouse, &answered));
    let sold: i32 = sold.into_iter().sum();
    assert_eq!(sold, 60, "there were more buyers than pieces");
    assert_eq!(warehouse.level(product(1)).await, (0, 0));
    assert_eq!(warehouse.level(product(2)).await, (0, 0));
    let found = warehouse.reconciled().await;
    assert_eq!(found.reservations_open, 0);
}

/// Kills all other connections, so many times spread over the work.
async fn kill_as_they_go(warehouse: &Warehouse, answered: &AtomicUsize) {
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let client = warehouse.database().bulk_connection().await.unwrap();
    let all = usize::try_from(CLIENTS * ORDERS_EACH).unwrap();
    let mut killed = 0;
    for round in 1..=KILLS {
        let at = all * round / (KILLS + 1);
        kit::testing::wait_for("more answers", async || (answered.load(Ordering::Relaxed) >= at).then_some(())).await;
        killed += client.query_one(kill, &[]).await.unwrap().get::<_, i64>(0);
    }
    assert!(killed >= i64::try_from(KILLS).unwrap(), "{killed}");
}
