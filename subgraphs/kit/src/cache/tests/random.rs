//! Readers, writers and late events at random, on a database with a lagging replica: nobody is shown anything older than what
//! this process was told of before.

use std::sync::atomic::{AtomicBool, AtomicU64};

use super::*;

const KEYS: u32 = 8;
const LAG_MAX_MS: u64 = 10;
/// How many reads and changes there are, and for how long at most; a busy machine may manage a twentieth in that time.
const READS: u64 = 20_000;
const CHANGES: u64 = 1_000;
const TIME_MAX: Duration = Duration::from_secs(60);

/// Versions by key, and when each came.
#[derive(Default)]
struct Lagging {
    histories: Mutex<HashMap<Id, Vec<(tokio::time::Instant, u64)>>>,
}

impl Lagging {
    fn write(&self, key: Id) -> u64 {
        let mut histories = self.histories.lock().unwrap();
        let history = histories.entry(key).or_default();
        let version = history.len() as u64 + 1;
        history.push((tokio::time::Instant::now(), version));
        version
    }

    /// The version of `key` some time ago. Every fifth version is an absence.
    fn at(&self, key: Id, ago: Duration) -> Option<u64> {
        let histories = self.histories.lock().unwrap();
        let history = histories.get(&key)?;
        history.iter().rev().find(|(at, _)| at.elapsed() >= ago).map(|(_, version)| *version)
    }

    async fn load(self: Arc<Self>, keys: Vec<Id>, freshness: Freshness) -> Result<Loaded<Id, Thing>> {
        pause(3).await;
        let lag = if freshness == Freshness::Recent { fastrand::u64(..LAG_MAX_MS) } else { 0 };
        let present = |version: &u64| !version.is_multiple_of(5);
        let read = |key| Some((key, Ok(thing(self.at(key, Duration::from_millis(lag)).filter(present)?))));
        let loaded = keys.into_iter().filter_map(read).collect();
        pause(3).await;
        Ok(loaded)
    }
}

async fn pause(ms_max: u64) {
    tokio::time::sleep(Duration::from_micros(fastrand::u64(..=ms_max * 1_000))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reader_sees_anything_older_than_what_was_told() {
    // Loads end, and replicas catch up, well within the memory of changes; values and absences expire all the time.
    let config = CacheConfig { ttl_ms: 20, absence_ttl_ms: 10, change_ttl_ms: 200, ..CacheConfig::default() };
    let cache: Cache<Id, Thing> = Cache::new("test", config, None);
    let database = Arc::new(Lagging::default());
    let told: Arc<Vec<AtomicU64>> = Arc::new((0..KEYS).map(|_| AtomicU64::new(0)).collect());
    let (done, reads) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (cache, database, told) = (cache.clone(), Arc::clone(&database), Arc::clone(&told));
        let done = Arc::clone(&done);
        tasks.spawn(async move {
            while !done.load(Ordering::Relaxed) {
                let key = Id(fastrand::u32(..KEYS));
                let version = database.write(key);
                // The event, late and perhaps after a later one's.
                pause(10).await;
                cache.expect(&[Change::to(key, Version(version))]);
                told[key.0 as usize].fetch_max(version, Ordering::SeqCst);
                pause(5).await;
            }
        });
    }
    for _ in 0..32 {
        let (cache, database, told) = (cache.clone(), Arc::clone(&database), Arc::clone(&told));
        let (done, reads) = (Arc::clone(&done), Arc::clone(&reads));
        tasks.spawn(async move {
            while !done.load(Ordering::Relaxed) {
                let key = Id(fastrand::u32(..KEYS));
                let floor = told[key.0 as usize].load(Ordering::SeqCst);
                let load = |keys, freshness| Arc::clone(&database).load(keys, freshness);
                let read = cache.get(key, Freshness::Recent, load);
                // Some readers lose their patience, leaders among them.
                let patience =
                    if fastrand::u8(..4) == 0 { Duration::from_millis(fastrand::u64(..8)) } else { TIME_MAX };
                let Ok(read) = tokio::time::timeout(patience, read).await else { continue };
                reads.fetch_add(1, Ordering::Relaxed);
                match read.unwrap() {
                    Some(read) => assert!(read.version >= floor, "{} after {floor}", read.version),
                    None => {
                        let newest = database.at(key, Duration::ZERO).unwrap_or(0);
                        let absent = floor == 0 || (floor..=newest).any(|version| version.is_multiple_of(5));
                        assert!(absent, "absent between {floor} and {newest}");
                    }
                }
            }
        });
    }
    let end = tokio::time::Instant::now() + TIME_MAX;
    let come = |share| reads.load(Ordering::Relaxed) >= READS / share && cache.counts().changes >= CHANGES / share;
    while !come(1) && tokio::time::Instant::now() < end {
        pause(20).await;
    }
    done.store(true, Ordering::Relaxed);
    tasks.join_all().await;
    assert!(come(20) && cache.counts().hits > READS / 200, "{reads:?} reads, {:?}", cache.counts());
}
