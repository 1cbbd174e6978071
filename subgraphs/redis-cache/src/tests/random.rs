//! Processes at random: late events, lagging replicas, impatient readers. Nobody is shown anything older than what its
//! process was told of before.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kit::cache::{Change, Told};
use tokio::time::Instant;

use super::*;

const KEYS: u32 = 6;
const PROCESSES: usize = 3;
const LAG_MAX_MS: u64 = 10;
/// How many reads and changes there are, and for how long at most; a busy machine may manage a twentieth in that time.
const READS: u64 = 10_000;
const CHANGES: u64 = 500;
const TIME_MAX: Duration = Duration::from_secs(60);

/// A database whose replicas lag. Every fifth version of a row is its absence.
#[derive(Default)]
struct Lagging(Mutex<HashMap<Id, Vec<(Instant, u64)>>>);

impl Lagging {
    fn write(&self, key: Id) -> u64 {
        let mut histories = self.0.lock().unwrap();
        let history = histories.entry(key).or_default();
        let version = history.len() as u64 + 1;
        history.push((Instant::now(), version));
        version
    }

    fn at(&self, key: Id, ago: Duration) -> u64 {
        let histories = self.0.lock().unwrap();
        let known = histories.get(&key).and_then(|history| history.iter().rev().find(|(at, _)| at.elapsed() >= ago));
        known.map_or(0, |(_, version)| *version)
    }

    /// Values carry their version, or none at all.
    async fn load(
        self: Arc<Self>,
        keys: Vec<Id>,
        freshness: Freshness,
        versions: Versions,
    ) -> Result<Loaded<Id, Thing>> {
        pause(3).await;
        let lag = if freshness == Freshness::Recent { fastrand::u64(..LAG_MAX_MS) } else { 0 };
        let row = |key| {
            let number = self.at(key, Duration::from_millis(lag));
            let version = Version(if versions == Versions::Known { number } else { 0 });
            let present = !number.is_multiple_of(5);
            present.then_some((key, Ok(Versioned { version, value: Thing { number } })))
        };
        let loaded = keys.into_iter().filter_map(row).collect();
        pause(3).await;
        Ok(loaded)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Versions {
    Known,
    Unknown,
}

async fn pause(ms_max: u64) {
    tokio::time::sleep(Duration::from_micros(fastrand::u64(..=ms_max * 1_000))).await;
}

async fn run(versions: Versions, redis: &TestRedis) {
    // Loads end, and replicas catch up, well within the memory of changes; everything expires all the time.
    let config =
        CacheConfig { ttl_ms: 20, absence_ttl_ms: 10, shared_ttl_ms: 60, change_ttl_ms: 400, ..CacheConfig::default() };
    let database = Arc::new(Lagging::default());
    let (done, reads) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut tasks = tokio::task::JoinSet::new();
    let mut processes = Vec::new();
    for _ in 0..PROCESSES {
        let told: Vec<AtomicU64> = (0..KEYS).map(|_| AtomicU64::new(0)).collect();
        processes.push((Process::begin(redis, config).await, told));
    }
    let processes: Arc<[(Process, Vec<AtomicU64>)]> = processes.into();
    for _ in 0..4 {
        let (processes, database, done) = (Arc::clone(&processes), Arc::clone(&database), Arc::clone(&done));
        tasks.spawn(async move {
            while !done.load(Ordering::Relaxed) {
                let key = Id(fastrand::u32(..KEYS));
                let version = database.write(key);
                let change = match versions {
                    Versions::Known => [Change::to(key, Version(version))],
                    Versions::Unknown => [Change::of(key)],
                };
                // The event reaches each process, late and in any order.
                let told = processes.iter().map(|(process, told)| {
                    let change = &change;
                    async move {
                        pause(15).await;
                        let _: Told = process.cache.forget(change).await;
                        told[key.0 as usize].fetch_max(version, Ordering::SeqCst);
                    }
                });
                futures::future::join_all(told).await;
                pause(2).await;
            }
        });
    }
    for reader in 0..24 {
        let (processes, database, done) = (Arc::clone(&processes), Arc::clone(&database), Arc::clone(&done));
        let reads = Arc::clone(&reads);
        tasks.spawn(async move {
            let (process, told) = &processes[reader % PROCESSES];
            while !done.load(Ordering::Relaxed) {
                let key = Id(fastrand::u32(..KEYS));
                let floor = told[key.0 as usize].load(Ordering::SeqCst);
                let load = |keys, freshness| Arc::clone(&database).load(keys, freshness, versions);
                let read = process.cache.get(key, Freshness::Recent, load);
                // Some readers lose their patience, leaders and holders of leases among them.
                let patience =
                    if fastrand::u8(..4) == 0 { Duration::from_millis(fastrand::u64(..15)) } else { TIME_MAX };
                let Ok(read) = tokio::time::timeout(patience, read).await else { continue };
                reads.fetch_add(1, Ordering::Relaxed);
                match read.unwrap() {
                    Some(read) => assert!(read.number >= floor, "{} after {floor}", read.number),
                    None => {
                        let newest = database.at(key, Duration::ZERO);
                        assert!((floor..=newest).any(|version| version % 5 == 0), "absent in {floor}..={newest}");
                    }
                }
            }
        });
    }
    let end = Instant::now() + TIME_MAX;
    let counts = || processes.iter().map(|(process, _)| process.cache.counts()).collect::<Vec<_>>();
    let come = |share: u64| {
        let changed = counts().iter().all(|counts| counts.changes >= CHANGES / share);
        changed && reads.load(Ordering::Relaxed) >= READS / share
    };
    while !come(1) && Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(20..200))).await;
        // Without versions a tier that forgets a change may be given a lagging replica's value again, for its time.
        if versions == Versions::Known {
            assert!(redis.ask("FLUSHALL").starts_with("+OK"));
        }
    }
    done.store(true, Ordering::Relaxed);
    tasks.join_all().await;
    let shared_hits: u64 = counts().iter().map(|counts| counts.shared_hits).sum();
    assert!(come(20) && shared_hits > 10, "{reads:?} reads, {:?}", counts());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_reader_sees_anything_older_than_what_was_told_also_when_redis_forgets() {
    run(Versions::Known, &TestRedis::start()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nor_where_nobody_knows_versions() {
    run(Versions::Unknown, &TestRedis::start()).await;
}
