//! Redis killed, frozen and flushed in the middle of a read-heavy loop: all reads are right.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kit::cache::{Change, Told};

use super::*;

const KEYS: u32 = 200;
const READERS: u64 = 16;
/// Reads between two faults: many, or few where many take too long.
const MANY: u64 = 20_000;
const FEW: u64 = 500;
const READING: Duration = Duration::from_secs(3);

/// Two processes, readers, and a writer who tells both of its changes; a change is right to see once either was told.
struct Shop {
    processes: Vec<Process>,
    rows: Rows,
    /// By process and key: what it was told.
    told: Vec<Vec<AtomicU64>>,
    done: AtomicBool,
    reads: AtomicU64,
}

impl Shop {
    async fn open(redis: &TestRedis) -> Arc<Self> {
        // Values expire in the process quickly, so that much is asked of Redis.
        let config = CacheConfig { ttl_ms: 50, ..CacheConfig::default() };
        let mut processes = Vec::new();
        for _ in 0..2 {
            processes.push(Process::begin_patient(redis, config, SHARED_TIMEOUT).await);
        }
        let told = processes.iter().map(|_| (0..KEYS).map(|_| AtomicU64::new(1)).collect()).collect();
        let rows = Rows::of((0..KEYS).map(|key| (key, 1)));
        let (done, reads) = (AtomicBool::new(false), AtomicU64::new(0));
        Arc::new(Self { processes, rows, told, done, reads })
    }

    async fn read_all_the_time(self: Arc<Self>, index: usize) {
        let (process, told) = (&self.processes[index], &self.told[index]);
        while !self.done.load(Ordering::Relaxed) {
            let key = fastrand::u32(..KEYS);
            let floor = told[key as usize].load(Ordering::SeqCst);
            let read = process.read(&self.rows, key).await.unwrap();
            assert!(read >= floor, "{read} after {floor}");
            self.reads.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    }

    async fn write_now_and_then(self: Arc<Self>) {
        let mut number = 1;
        while !self.done.load(Ordering::Relaxed) {
            let key = fastrand::u32(..KEYS);
            number += 1;
            self.rows.set(key, number);
            let change = [Change::to(Id(key), Version(number))];
            for (process, told) in self.processes.iter().zip(&self.told) {
                // Everywhere or here: in both cases this process shows nothing older.
                let _: Told = process.cache.forget(&change).await;
                told[key as usize].store(number, Ordering::SeqCst);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Waits until a good many reads more were done.
    async fn go_on(&self) {
        let (before, start) = (self.reads.load(Ordering::Relaxed), tokio::time::Instant::now());
        let wanted = || if start.elapsed() < READING { MANY } else { FEW };
        until("more reads", || self.reads.load(Ordering::Relaxed) - before >= wanted()).await;
    }

    async fn until_redis_is_used(&self) {
        let hits = |process: &Process| process.cache.counts().shared_hits;
        let before: Vec<u64> = self.processes.iter().map(hits).collect();
        until("hits in Redis", || self.processes.iter().map(hits).zip(&before).all(|(now, before)| now > *before))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_reads_are_right_whatever_happens_to_redis() {
    let mut redis = TestRedis::start();
    let shop = Shop::open(&redis).await;
    let mut tasks = tokio::task::JoinSet::new();
    for reader in 0..READERS {
        tasks.spawn(Arc::clone(&shop).read_all_the_time(reader as usize % 2));
    }
    tasks.spawn(Arc::clone(&shop).write_now_and_then());
    for _ in 0..3 {
        shop.until_redis_is_used().await;
        redis.kill();
        shop.go_on().await;
        redis.restart();
        shop.until_redis_is_used().await;
        assert!(redis.ask("FLUSHALL").starts_with("+OK"));
        shop.go_on().await;
        redis.freeze();
        shop.go_on().await;
        assert!(shop.processes.iter().all(|process| !process.tier.is_available()));
        redis.thaw();
    }
    shop.until_redis_is_used().await;
    shop.done.store(true, Ordering::Relaxed);
    tasks.join_all().await;
    // What was owed is told: nobody has anything old.
    for process in &shop.processes {
        let fresh: Cache<Id, Thing> = Cache::new("test", shared_alone(), Some(process.tier.clone()));
        for key in 0..KEYS {
            let newest = shop.rows.0.numbers.lock().unwrap()[&Id(key)];
            let load = |keys, freshness| shop.rows.clone().load(keys, freshness);
            for cache in [&process.cache, &fresh] {
                let read = cache.get(Id(key), Freshness::Recent, load).await.unwrap().unwrap();
                assert_eq!(read.number, newest);
            }
        }
    }
}
