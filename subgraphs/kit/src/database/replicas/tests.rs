//! A real primary with a real hot standby that lags, dies and comes back.

use std::{sync::atomic::AtomicBool, time::Duration};

use diesel::sql_types::BigInt;
use diesel_async::SimpleAsyncConnection as _;
use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use super::*;
use crate::{
    database::connect_raw,
    recent_writers::RecentWriters,
    testing::{TestDatabase, TestStandby, wait_for, wait_within},
};

/// How long until what must happen soon has happened, on a busy machine.
const SOON: Duration = Duration::from_secs(30);
/// Who write and read what they wrote, and how often each.
const WRITERS: i64 = 200;
const WRITES: i64 = 50;

async fn open(primary: &str, replicas: &[String]) -> Database {
    let database = Database::connect_with_replicas(primary, replicas, DatabaseConfig::default()).await.unwrap();
    let mut connection = database.connection().await.unwrap();
    let table = "CREATE TABLE IF NOT EXISTS counters (id bigint PRIMARY KEY, number bigint NOT NULL); \
                 INSERT INTO counters SELECT id, 0 FROM generate_series(0, 255) AS id ON CONFLICT DO NOTHING";
    connection.batch_execute(table).await.unwrap();
    database
}

async fn with_standby(pair: &TestStandby) -> Database {
    let database = open(&pair.primary_url(), &[pair.standby_url()]).await;
    until_read_from_replica(&database).await;
    database
}

async fn write(database: &Database, id: i64, number: i64) {
    let mut connection = database.connection().await.unwrap();
    // Also where a commit is seen before it is on the disk, and so before it is sent.
    let commit = if number % 2 == 0 { "on" } else { "off" };
    let update = format!("SET synchronous_commit = {commit}; UPDATE counters SET number = {number} WHERE id = {id}");
    connection.batch_execute(&update).await.unwrap();
}

async fn read(database: &Database, freshness: Freshness, id: i64) -> Result<i64, DatabaseError> {
    let select = format!("(SELECT number FROM counters WHERE id = {id})");
    database
        .read(freshness, async |connection| {
            let select = diesel::select(diesel::dsl::sql::<BigInt>(&select));
            Ok(diesel_async::RunQueryDsl::get_result(select, connection).await?)
        })
        .await
}

async fn until_read_from_replica(database: &Database) {
    let before = database.reads().replica;
    wait_within(SOON, "the replica to be read from", async || {
        read(database, Freshness::Recent, 0).await.unwrap();
        (database.reads().replica > before).then_some(())
    })
    .await;
}

async fn until_read_from_primary(database: &Database) {
    let before = database.reads().primary;
    wait_within(SOON, "the primary to be read from", async || {
        read(database, Freshness::Recent, 0).await.unwrap();
        (database.reads().primary > before).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_read_what_they_wrote_whatever_the_standby_does() {
    let pair = TestStandby::start();
    let database = with_standby(&pair).await;
    let writers = Arc::new(RecentWriters::new("orders", database.clone(), None));
    let done = Arc::new(AtomicBool::new(false));
    let pauses = async {
        let mut pauses = 0;
        while !done.load(Ordering::Relaxed) {
            pair.pause().await;
            sleep(Duration::from_millis(fastrand::u64(..200))).await;
            pair.resume().await;
            sleep(Duration::from_millis(fastrand::u64(..200))).await;
            pauses += 1;
        }
        pauses
    };
    let work = async {
        let workers = (0..WRITERS).map(|worker| {
            let (database, writers) = (database.clone(), Arc::clone(&writers));
            tokio::spawn(async move {
                let user = format!("user-{worker}");
                let mut stale = 0;
                for number in 1..=WRITES {
                    write(&database, worker, number).await;
                    // Half of them are known by what they were handed, half by who they are.
                    let handed = writers.wrote((worker % 2 == 0).then_some(user.as_str())).await.to_string();
                    let header = (worker % 2 == 1).then_some(handed.as_str());
                    // Sometimes the replica has had the time to come after.
                    sleep(Duration::from_millis(fastrand::u64(..400).saturating_sub(100))).await;
                    let freshness = writers.freshness(Some(&user), header).await;
                    assert!(matches!(freshness, Freshness::AtLeast(_)));
                    let seen = read(&database, freshness, worker).await.unwrap();
                    stale += i64::from(seen != number);
                }
                stale
            })
        });
        let stale: i64 = join_all(workers).await.into_iter().map(Result::unwrap).sum();
        done.store(true, Ordering::Relaxed);
        stale
    };
    let (pauses, stale) = futures::join!(pauses, work);
    assert_eq!(stale, 0, "of {} pairs", WRITERS * WRITES);
    let reads = database.reads();
    assert!(pauses > 2 && reads.replica > 100 && reads.primary > 100, "{pauses} pauses, {reads:?}");
    assert_eq!(writers.freshness(Some("another"), Some("users=0/1")).await, Freshness::Recent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_dies_costs_no_read_and_is_used_again() {
    let mut pair = TestStandby::start();
    let database = with_standby(&pair).await;
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..8)
        .map(|id| {
            let (database, done) = (database.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let (mut reads, mut slowest) = (0_u64, Duration::ZERO);
                while !done.load(Ordering::Relaxed) {
                    let start = Instant::now();
                    assert_eq!(read(&database, Freshness::Recent, id).await.unwrap(), 0);
                    (reads, slowest) = (reads + 1, slowest.max(start.elapsed()));
                }
                (reads, slowest)
            })
        })
        .collect();
    for _ in 0..3 {
        wait_for("a healthy pair", async || {
            let health = database.health().await;
            let healthy = health.is_primary_ready && health.replicas[0].is_read_from;
            (healthy && health.replicas[0].replayed > Lsn(0) && health.primary.connections > 0).then_some(())
        })
        .await;
        pair.kill_standby();
        until_read_from_primary(&database).await;
        wait_for("the loss to be seen", async || {
            let health = database.health().await;
            (health.is_primary_ready && !health.replicas[0].is_read_from && health.replicas[0].replayed == Lsn(0))
                .then_some(())
        })
        .await;
        pair.start_standby();
        let start = Instant::now();
        until_read_from_replica(&database).await;
        assert!(start.elapsed() < SOON);
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        let (reads, slowest) = reader.await.unwrap();
        assert!(reads > 100 && slowest < Duration::from_secs(5), "{reads} reads, the slowest {slowest:?}");
    }
    let reads = database.reads();
    assert!(reads.failed_over > 0 && reads.replica > 100, "{reads:?}");
}

/// Lets the standby stay where it is for longer than the limit on lag, in a time in which the server itself writes nothing.
async fn pause_while_nothing_is_written(pair: &TestStandby, database: &Database) {
    let quiet = async {
        loop {
            let position = database.position().await.unwrap();
            database.replayed(position).await;
            pair.pause().await;
            sleep(Duration::from_millis(2 * DatabaseConfig::default().replicas.lag_ms_max)).await;
            if database.position().await.unwrap() == position {
                return;
            }
            pair.resume().await;
            until_read_from_replica(database).await;
        }
    };
    timeout(SOON, quiet).await.expect("a quiet moment");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_beyond_the_limit_on_lag_is_left_out() {
    let pair = TestStandby::start();
    let database = with_standby(&pair).await;
    pause_while_nothing_is_written(&pair, &database).await;
    let before = database.reads();
    assert_eq!(read(&database, Freshness::Recent, 1).await.unwrap(), 0);
    assert_eq!(database.reads().replica, before.replica + 1, "nothing is missing, however long");
    let start = Instant::now();
    write(&database, 1, 7).await;
    let seen = async || (read(&database, Freshness::Recent, 1).await.unwrap() == 7).then_some(());
    wait_within(SOON, "others to see what was written", seen).await;
    let lag = Duration::from_millis(DatabaseConfig::default().replicas.lag_ms_max);
    assert!(start.elapsed() > lag / 2, "others see it by the limit, not before: {:?}", start.elapsed());
    assert!(start.elapsed() < lag + Duration::from_secs(2), "{:?}", start.elapsed());
    // Who wrote doesn't wait, and a write that no replica shows is waited for no longer than the limit.
    let start = Instant::now();
    database.replayed(database.position().await.unwrap()).await;
    assert!((lag / 2..lag + Duration::from_secs(2)).contains(&start.elapsed()), "{:?}", start.elapsed());
    pair.resume().await;
    until_read_from_replica(&database).await;
    database.replayed(database.position().await.unwrap()).await;
    assert_eq!(read(&database, Freshness::Recent, 1).await.unwrap(), 7);
}

/// The next record's place is then behind a header that nobody replays.
#[tokio::test(flavor = "multi_thread")]
async fn an_idle_primary_at_the_beginning_of_a_file_makes_no_replica_old() {
    let pair = TestStandby::start();
    let database = with_standby(&pair).await;
    let client = connect_raw(&pair.primary_url()).await.unwrap();
    let change = "INSERT INTO counters VALUES (1000, 0) ON CONFLICT (id) DO UPDATE SET number = 1";
    let at_the_beginning = async {
        loop {
            client.batch_execute(change).await.unwrap();
            client.batch_execute("SELECT pg_switch_wal()").await.unwrap();
            let position = database.position().await.unwrap();
            sleep(Duration::from_millis(3 * DatabaseConfig::default().replicas.lag_ms_max / 2)).await;
            // Unless the server itself has written meanwhile.
            if position.0 % 8_192 == 0 && database.position().await.unwrap() == position {
                return position;
            }
        }
    };
    let position = timeout(SOON, at_the_beginning).await.expect("a quiet moment");
    let before = database.reads();
    read(&database, Freshness::AtLeast(position), 1).await.unwrap();
    read(&database, Freshness::Recent, 1).await.unwrap();
    assert_eq!(database.reads().replica, before.replica + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_primary_what_the_standby_has_is_still_read() {
    let mut pair = TestStandby::start();
    let database = with_standby(&pair).await;
    write(&database, 1, 7).await;
    database.replayed(database.position().await.unwrap()).await;
    pair.kill_primary();
    let end = Instant::now() + Duration::from_secs(3);
    while Instant::now() < end {
        assert_eq!(read(&database, Freshness::Recent, 1).await.unwrap(), 7);
        sleep(Duration::from_millis(20)).await;
    }
    assert!(read(&database, Freshness::Latest, 1).await.is_err());
    assert!(!database.health().await.is_primary_ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_no_replica_is_not_taken_for_one() {
    let test = TestDatabase::empty("replicas").await;
    let database = open(test.url(), &[test.url().to_owned()]).await;
    let end = Instant::now() + Duration::from_secs(1);
    while Instant::now() < end {
        read(&database, Freshness::Recent, 1).await.unwrap();
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(database.reads().replica, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_leave_half_of_the_primary_to_writers() {
    let test = TestDatabase::empty("replicas").await;
    let nowhere = "postgres://postgres@127.0.0.1:1/nowhere".to_owned();
    let config = DatabaseConfig { pool_size_max: 4, acquire_timeout_ms: 2_000, ..DatabaseConfig::default() };
    let database = Database::connect_with_replicas(test.url(), &[nowhere], config).await.unwrap();
    let forged = Freshness::AtLeast(Lsn(u64::MAX));
    let readers = [database.read_connection(forged).await.unwrap(), database.read_connection(forged).await.unwrap()];
    assert!(matches!(database.read_connection(forged).await, Err(DatabaseError::PoolExhausted(_))));
    let writers = [database.connection().await.unwrap(), database.connection().await.unwrap()];
    drop(readers);
    assert!(database.read_connection(forged).await.is_ok());
    drop(writers);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_fails_everywhere_fails_and_errors_of_its_own_close_nothing() {
    let pair = TestStandby::start();
    let database = with_standby(&pair).await;
    let failed: Result<(), DatabaseError> = database
        .read(Freshness::Recent, async |connection| Ok(connection.batch_execute("SELECT * FROM nothing").await?))
        .await;
    assert!(matches!(failed, Err(DatabaseError::Statement(_))));
    // What only the primary does is done there.
    let written: Result<(), DatabaseError> = database
        .read(Freshness::Recent, async |connection| {
            Ok(connection.batch_execute("UPDATE counters SET number = 9 WHERE id = 9").await?)
        })
        .await;
    assert!(written.is_ok());
    let before = database.reads();
    read(&database, Freshness::Recent, 1).await.unwrap();
    assert_eq!(database.reads().replica, before.replica + 1, "the replica is still read from");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_takes_too_long_on_a_replica_is_done_on_the_primary() {
    let pair = TestStandby::start();
    let mut config = DatabaseConfig::default();
    (config.replicas.read_timeout_ms, config.replicas.pool_size_max) = (500, 1);
    let replicas = [pair.standby_url()];
    let database = Database::connect_with_replicas(&pair.primary_url(), &replicas, config).await.unwrap();
    let on_a_replica = async |seconds: u32| -> Result<bool, DatabaseError> {
        let select = format!("pg_is_in_recovery() AND pg_sleep({seconds}) IS NOT NULL");
        let read = database.read(Freshness::Recent, async |connection| {
            let select = diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&select));
            Ok(diesel_async::RunQueryDsl::get_result(select, connection).await?)
        });
        read.await
    };
    let soon = async { while !on_a_replica(0).await.unwrap() {} };
    timeout(SOON, soon).await.expect("the replica is read from");
    assert!(!on_a_replica(600).await.unwrap());
    // Its one connection doesn't go on with that.
    let soon = async { while !on_a_replica(0).await.unwrap() {} };
    timeout(SOON, soon).await.expect("the replica is read from");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_watches_a_database_that_was_closed_or_dropped() {
    let pair = TestStandby::start();
    let watchers = async || {
        let client = connect_raw(&pair.primary_url()).await.unwrap();
        let count =
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
        client.query_one(count, &[]).await.unwrap().get::<_, i64>(0)
    };
    let closed = with_standby(&pair).await;
    closed.close().await;
    let before = closed.reads();
    read(&closed, Freshness::Recent, 1).await.unwrap();
    assert_eq!(closed.reads().primary, before.primary + 1);
    drop(closed);
    drop(with_standby(&pair).await);
    wait_within(SOON, "all connections to be closed", async || (watchers().await == 0).then_some(())).await;
}

#[tokio::test]
async fn urls_that_nobody_understands_are_refused_at_once() {
    let config = DatabaseConfig::default();
    let statements = StatementCount::default();
    let primary: Arc<str> = Arc::from("postgres://nowhere.invalid");
    let refused = |urls: &[String]| Replicas::open(&primary, urls, &config, &statements).is_err();
    assert!(refused(&["mysql://a".to_owned()]));
    assert!(refused(&vec!["postgres://a".to_owned(); REPLICAS_MAX + 1]));
    assert!(!refused(&[]));
}
