//! The order of all events, seen while they are written.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;

use super::*;
use crate::{
    database::{DatabaseConfig, DatabaseError, wake_on_commit},
    testing::WAIT_MAX,
};

const WRITERS: usize = 16;
const UNITS: usize = 40;

/// Of each writer's units every third is rolled back after its events were written, and each has one or two events.
async fn write(database: Database, writer: usize) -> Vec<Uuid> {
    let mut kept = Vec::new();
    for number in 0..UNITS {
        let (id, rolled_back) = (Uuid::now_v7(), (number + writer).is_multiple_of(3));
        let outcome = database
            .unit(async |connection| {
                let events = vec![deposited(1); 1 + number % 2];
                append(connection, Loaded::<Account>::new(id), events, &Metadata::default()).await?;
                match rolled_back {
                    true => Err(StoreError::from(diesel::result::Error::RollbackTransaction)),
                    false => Ok(()),
                }
            })
            .await;
        assert_eq!(outcome.is_err(), rolled_back, "{outcome:?}");
        if !rolled_back {
            kept.extend(std::iter::repeat_n(id, 1 + number % 2));
        }
    }
    kept
}

/// The reader never goes back: what came up behind it would be missing in the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_sees_all_of_sixteen_writers_without_gaps() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let config = DatabaseConfig { pool_size_max: 20, acquire_timeout_ms: 60_000, ..DatabaseConfig::default() };
    let database = Database::connect(test.url(), config).await.unwrap();
    let written = Arc::new(AtomicBool::new(false));
    let reading = {
        let (database, written) = (database.clone(), Arc::clone(&written));
        tokio::spawn(async move {
            let (mut connection, mut seen) = (database.connection().await.unwrap(), Vec::new());
            loop {
                let last = written.load(Ordering::SeqCst);
                // Refuses gaps by itself.
                let events = read_after(&mut connection, seen.len() as u64, 7).await.unwrap();
                let is_end = last && events.is_empty();
                seen.extend(events);
                if is_end {
                    return seen;
                }
                tokio::task::yield_now().await;
            }
        })
    };
    let writers = (0..WRITERS).map(|writer| tokio::spawn(write(database.clone(), writer)));
    let mut kept: Vec<Uuid> = Vec::new();
    for writer in futures::future::join_all(writers).await {
        kept.extend(writer.unwrap());
    }
    written.store(true, Ordering::SeqCst);
    let seen = reading.await.unwrap();
    assert!(seen.iter().zip(1..).all(|(event, position)| event.position == position));
    assert!(seen.is_sorted_by_key(|event| event.recorded_at), "by the clock, too");
    let mut seen: Vec<Uuid> = seen.into_iter().map(|event| event.stream_id).collect();
    seen.sort();
    kept.sort();
    assert_eq!(seen, kept);
}

/// Between the append and the commit.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_writer_leaves_no_gap_and_keeps_nobody() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id) = (test.database(), Uuid::now_v7());
    deposit(database, id, 1).await;
    let client = database.bulk_connection().await.unwrap();
    let outcome = database
        .unit(async |connection| {
            append(connection, Loaded::<Account>::new(Uuid::now_v7()), vec![deposited(7)], &Metadata::default())
                .await?;
            let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                WHERE state = 'idle in transaction' AND datname = current_database()";
            let killed = client.query_one(kill, &[]).await.map_err(DatabaseError::from)?;
            assert_eq!(killed.get::<_, i64>(0), 1);
            Ok::<_, StoreError>(())
        })
        .await;
    assert!(outcome.is_err());
    deposit(database, id, 2).await;
    let events = read_after(&mut database.connection().await.unwrap(), 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| (event.position, event.stream_id)).collect::<Vec<_>>(), [(1, id), (2, id)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_are_woken_by_a_commit() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, woken) = (test.database(), Arc::new(Notify::new()));
    let waking = wake_on_commit(database, &woken);
    let reading = async {
        // Once when it begins to listen, and then for the append.
        woken.notified().await;
        deposit(database, Uuid::now_v7(), 1).await;
        woken.notified().await;
    };
    tokio::select! {
        () = waking => unreachable!(),
        read = tokio::time::timeout(WAIT_MAX, reading) => read.expect("to be woken"),
    }
}
