//! What reads cost with and without the tiers: hit rates, and how long reads take, on a read-heavy load.
//!
//! `cargo run --release -p redis_cache --example read_load [SECONDS]`, on a PostgreSQL with a hot standby and a Redis of its own. Two
//! processes' worth of caches, too small for all rows; pages of ten rows, some asked for much more often than others; a
//! change after every few hundred reads. The process's cache is filled by what comes before each line. Prints a table.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement without its servers can only fail; it prints its figures"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Text},
};
use diesel_async::SimpleAsyncConnection as _;
use futures::future::join_all;
use kit::{
    Cache, Database, Result,
    cache::{
        CacheConfig, CacheCounts, CacheKey, CacheValue, Change, Loaded, SHARED_KEYS_MAX, SHARED_TIMEOUT, SharedCache,
        SharedTier, Version, Versioned,
    },
    database::{DatabaseConfig, DatabaseError, Freshness},
    testing::{TestRedis, TestStandby},
};
use redis_cache::RedisCache;
use serde::{Deserialize, Serialize};

const ROWS: i64 = 50_000;
/// Bytes of a row's text: a product with its description.
const ROW_BYTES: usize = 1_000;
/// A process keeps an eighth of the rows.
const PROCESS_BYTES: u64 = 8 * 1024 * 1024;
const PROCESSES: usize = 2;
const READERS: usize = 16;
/// Keys of one read: a page.
const PAGE: usize = 10;
/// How long a process waits between two changes that it makes.
const BETWEEN_CHANGES: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Id(i64);

impl CacheKey for Id {
    fn name(&self) -> String {
        self.0.to_string()
    }

    fn from_name(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }
}

#[derive(QueryableByName, Serialize, Deserialize)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Text)]
    text: String,
}

impl CacheValue for Row {
    const KIND: &'static str = "row";
    const SCHEMA: u32 = 1;

    fn heap_bytes(&self) -> usize {
        self.text.capacity()
    }
}

#[tokio::main]
async fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10);
    let (pair, mut redis) = (TestStandby::start(), TestRedis::start());
    let database = database(&pair).await;
    println!("| tiers | reads/s | found in the process | found in Redis | loaded | p50 ms | p99 ms | longest ms |");
    println!("|---|---|---|---|---|---|---|---|");
    let load = Load { database, lasts: Duration::from_secs(seconds) };
    load.measure("database alone", &load.processes(0, None).await).await;
    load.measure("process", &load.processes(PROCESS_BYTES, None).await).await;
    let shared = load.processes(PROCESS_BYTES, Some(&redis)).await;
    load.fill(&shared).await;
    load.measure("process and Redis", &shared).await;
    load.measure("new processes, and a Redis that has everything", &load.processes(PROCESS_BYTES, Some(&redis)).await)
        .await;
    let (_, ()) = futures::join!(load.measure("Redis flushed in the midst", &shared), async {
        tokio::time::sleep(load.lasts / 2).await;
        assert!(redis.ask("FLUSHALL").starts_with("+OK"));
    });
    redis.kill();
    load.measure("Redis gone", &shared).await;
    redis.restart();
    load.measure("Redis back, empty", &shared).await;
    redis.freeze();
    load.measure("Redis hangs", &shared).await;
    redis.thaw();
}

async fn database(pair: &TestStandby) -> Database {
    let replicas = [pair.standby_url()];
    let database =
        Database::connect_with_replicas(&pair.primary_url(), &replicas, DatabaseConfig::default()).await.unwrap();
    let rows = format!(
        "CREATE TABLE rows (id bigint PRIMARY KEY, version bigint NOT NULL, text text NOT NULL); \
         INSERT INTO rows SELECT id, 1, repeat('x', {ROW_BYTES}) FROM generate_series(0, {ROWS} - 1) AS id; ANALYZE rows"
    );
    database.connection().await.unwrap().batch_execute(&rows).await.unwrap();
    database.replayed(database.position().await.unwrap()).await;
    database
}

struct Load {
    database: Database,
    lasts: Duration,
}

impl Load {
    async fn processes(&self, bytes_max: u64, redis: Option<&TestRedis>) -> Vec<Cache<Id, Row>> {
        let mut processes = Vec::new();
        for _ in 0..PROCESSES {
            let tier = match redis {
                Some(redis) => {
                    let client: Arc<dyn SharedCache> = Arc::new(RedisCache::connect(&redis.url()).await.unwrap());
                    Some(SharedTier::new(client, SHARED_TIMEOUT))
                }
                None => None,
            };
            processes.push(Cache::new("load", CacheConfig { bytes_max, ..CacheConfig::default() }, tier));
        }
        processes
    }

    /// Reads every row once, so that Redis has it.
    async fn fill(&self, processes: &[Cache<Id, Row>]) {
        let (ids, cache) = ((0..ROWS).map(Id).collect::<Vec<Id>>(), processes.first().unwrap());
        for keys in ids.chunks(SHARED_KEYS_MAX) {
            cache
                .get_many(keys, Freshness::Recent, |keys, freshness| load(&self.database, keys, freshness))
                .await
                .unwrap();
        }
    }

    async fn measure(&self, name: &str, processes: &[Cache<Id, Row>]) {
        let (before, begin) = (counts(processes), Instant::now());
        let done = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..PROCESSES)
            .map(|index| tokio::spawn(write(self.database.clone(), processes.to_vec(), index, Arc::clone(&done))))
            .collect();
        let readers = (0..READERS).map(|index| {
            let cache = processes.get(index % PROCESSES).unwrap().clone();
            tokio::spawn(read(self.database.clone(), cache, begin + self.lasts))
        });
        let mut took: Vec<Duration> = join_all(readers).await.into_iter().flat_map(Result::unwrap).collect();
        done.store(true, Ordering::Relaxed);
        let seconds = begin.elapsed().as_secs_f64();
        join_all(writers).await;
        took.sort_unstable();
        let after = counts(processes);
        let asked = (after.hits + after.misses - before.hits - before.misses) as f64;
        let share = |count: u64| format!("{:.1} %", 100.0 * count as f64 / asked);
        let at =
            |share: f64| took.get((took.len() as f64 * share) as usize).or(took.last()).unwrap().as_secs_f64() * 1e3;
        println!(
            "| {name} | {:.0} | {} | {} | {} | {:.2} | {:.2} | {:.0} |",
            took.len() as f64 / seconds,
            share(after.hits - before.hits),
            share(after.shared_hits - before.shared_hits),
            share(after.loaded - before.loaded),
            at(0.5),
            at(0.99),
            at(1.0),
        );
    }
}

/// Reads pages until `end`; how long each took.
async fn read(database: Database, cache: Cache<Id, Row>, end: Instant) -> Vec<Duration> {
    let mut took = Vec::new();
    while Instant::now() < end {
        let keys: Vec<Id> = (0..PAGE).map(|_| some_key()).collect();
        let begin = Instant::now();
        let load = |keys, freshness| load(&database, keys, freshness);
        let found = cache.get_many(&keys, Freshness::Recent, load).await.unwrap();
        assert!(keys.iter().all(|key| found.get(key).is_some_and(Result::is_ok)));
        took.push(begin.elapsed());
        tokio::task::yield_now().await;
    }
    took
}

/// Changes rows until it is `done`, and tells its own process and the tier; the others hear of it as of an event.
async fn write(database: Database, processes: Vec<Cache<Id, Row>>, index: usize, done: Arc<AtomicBool>) {
    while !done.load(Ordering::Relaxed) {
        let key = some_key();
        let update = sql_query("UPDATE rows SET version = version + 1 WHERE id = $1 RETURNING id, version, text");
        let mut connection = database.connection().await.unwrap();
        let row: Row =
            diesel_async::RunQueryDsl::get_result(update.bind::<BigInt, _>(key.0), &mut connection).await.unwrap();
        drop(connection);
        let change = [Change::to(key, Version(row.version.unsigned_abs()))];
        for (other, cache) in processes.iter().enumerate() {
            if other == index {
                // Who has to know does, or is owed it.
                let _: kit::cache::Told = cache.forget(&change).await;
            } else {
                cache.expect(&change);
            }
        }
        tokio::time::sleep(BETWEEN_CHANGES).await;
    }
}

async fn load(database: &Database, keys: Vec<Id>, freshness: Freshness) -> Result<Loaded<Id, Row>> {
    let ids: Vec<i64> = keys.into_iter().map(|key| key.0).collect();
    let rows = database.read(freshness, async |connection| {
        let select = sql_query("SELECT id, version, text FROM rows WHERE id = ANY($1)");
        let rows: Vec<Row> =
            diesel_async::RunQueryDsl::load(select.bind::<Array<BigInt>, _>(ids.clone()), connection).await?;
        Ok::<_, DatabaseError>(rows)
    });
    let rows = rows.await.map_err(kit::Error::internal)?;
    let versioned = |row: Row| (Id(row.id), Ok(Versioned { version: Version(row.version.unsigned_abs()), value: row }));
    Ok(rows.into_iter().map(versioned).collect())
}

/// The more often the lower it is: each power of ten of them as often as any other (Zipf's law).
fn some_key() -> Id {
    Id(((ROWS as f64).powf(fastrand::f64()) as i64 - 1).clamp(0, ROWS - 1))
}

fn counts(processes: &[Cache<Id, Row>]) -> CacheCounts {
    processes.iter().map(Cache::counts).fold(CacheCounts::default(), |sum, counts| CacheCounts {
        hits: sum.hits + counts.hits,
        misses: sum.misses + counts.misses,
        shared_hits: sum.shared_hits + counts.shared_hits,
        loaded: sum.loaded + counts.loaded,
        ..sum
    })
}
