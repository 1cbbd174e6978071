//! Several processes: each step of the interleavings that go wrong elsewhere, and one load for all.

use kit::cache::{Change, Told};

use super::*;

/// One process loads; the other changes the row and tells; the first one's load ends late, and it doesn't know.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_loaded_before_anothers_change_is_kept_nowhere() {
    for change in [Change::to(Id(1), Version(2)), Change::of(Id(1))] {
        let redis = TestRedis::start();
        let slow = Arc::new(Process::begin(&redis, CacheConfig::default()).await);
        let writer = Process::begin(&redis, CacheConfig::default()).await;
        let rows = Rows::of([(1, 1)]);
        let gate = rows.0.gate.write().await;
        let loading = tokio::spawn({
            let (slow, rows) = (Arc::clone(&slow), rows.clone());
            async move { slow.read(&rows, 1).await }
        });
        rows.until_loading().await;
        rows.set(1, 2);
        assert_eq!(writer.cache.forget(std::slice::from_ref(&change)).await, Told::Everywhere);
        drop(gate);
        assert_eq!(loading.await.unwrap(), Some(1), "that read began before the change");
        rows.loads();
        assert_eq!(slow.read(&rows, 1).await, Some(2), "{change:?}");
        assert_eq!(writer.read(&rows, 1).await, Some(2));
        // One of them loaded it from the primary, since Redis knows of the change; the other had it from there.
        assert_eq!(rows.loads(), [(1, Freshness::Latest)]);
        assert_eq!(writer.cache.counts().shared_hits, 1);
    }
}

/// The same, and Redis forgets everything before the late load ends.
#[tokio::test(flavor = "multi_thread")]
async fn nor_after_redis_has_forgotten_the_change() {
    let redis = TestRedis::start();
    let slow = Arc::new(Process::begin(&redis, CacheConfig::default()).await);
    let writer = Process::begin(&redis, CacheConfig::default()).await;
    let rows = Rows::of([(1, 1)]);
    let gate = rows.0.gate.write().await;
    let loading = tokio::spawn({
        let (slow, rows) = (Arc::clone(&slow), rows.clone());
        async move { slow.read(&rows, 1).await }
    });
    rows.until_loading().await;
    rows.set(1, 2);
    assert_eq!(writer.cache.forget(&[Change::of(Id(1))]).await, Told::Everywhere);
    assert!(redis.ask("FLUSHALL").starts_with("+OK"));
    drop(gate);
    assert_eq!(loading.await.unwrap(), Some(1));
    for process in [&slow, &writer] {
        assert_eq!(process.read(&rows, 1).await, Some(2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_version_is_a_floor_whatever_redis_has() {
    let redis = TestRedis::start();
    let (one, other) = (Process::begin(&redis, shared_alone()).await, Process::begin(&redis, shared_alone()).await);
    let rows = Rows::of([(1, 1)]);
    assert_eq!(one.read(&rows, 1).await, Some(1));
    rows.set(1, 2);
    assert_eq!(other.read(&rows, 1).await, Some(1), "nobody has told");
    other.cache.expect(&[Change::to(Id(1), Version(2))]);
    assert_eq!(other.read(&rows, 1).await, Some(2));
    assert_eq!(one.read(&rows, 1).await, Some(2), "and it has told Redis so");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_readers_in_eight_processes_cause_one_load() {
    let redis = TestRedis::start();
    let rows = Rows::of([(1, 7)]);
    // However slow the machine, nobody loses patience with the one who loads.
    let config = CacheConfig { lease_wait_ms: 60_000, load_timeout_ms: 60_000, ..CacheConfig::default() };
    let mut processes = Vec::new();
    for _ in 0..8 {
        processes.push(Arc::new(Process::begin(&redis, config).await));
    }
    for round in 0..3 {
        let gate = rows.0.gate.write().await;
        let readers: Vec<_> = (0..1_000)
            .map(|index: usize| {
                let (process, rows) = (Arc::clone(&processes[index % 8]), rows.clone());
                tokio::spawn(async move { process.read(&rows, round).await })
            })
            .collect();
        rows.set(round, 7);
        let misses = u64::from(round + 1) * 1_000;
        until("as many misses", || {
            processes.iter().map(|process| process.cache.counts().misses).sum::<u64>() == misses
        })
        .await;
        drop(gate);
        let absent = readers.len();
        let mut seen = Vec::with_capacity(absent);
        for reader in readers {
            seen.push(reader.await.unwrap());
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "all of one load");
        assert_eq!(rows.loads().len(), 1);
    }
    let hits: u64 = processes.iter().map(|process| process.cache.counts().shared_hits).sum();
    assert_eq!(hits, 3 * 7);
}

/// A process dies in the middle of a load: others wait a little, and go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_while_it_loads_costs_others_a_moment() {
    let redis = TestRedis::start();
    let (dead, alive) = (Process::begin(&redis, shared_alone()).await, Process::begin(&redis, shared_alone()).await);
    let rows = Rows::of([(1, 7)]);
    {
        let gate = rows.0.gate.write().await;
        let mut loading = Box::pin(dead.read(&rows, 1));
        wait_within(SOON, "a load", async || {
            assert!(futures::poll!(&mut loading).is_pending());
            (!rows.0.loads.lock().unwrap().is_empty()).then_some(())
        })
        .await;
        drop(gate);
    }
    let start = tokio::time::Instant::now();
    assert_eq!(alive.read(&rows, 1).await, Some(7));
    let waited = start.elapsed();
    let bound = Duration::from_millis(CacheConfig::default().lease_wait_ms);
    assert!(waited >= bound / 2 && waited < bound * 20, "{waited:?}");
}

/// Old and new code beside each other.
#[tokio::test(flavor = "multi_thread")]
async fn another_schema_version_has_values_of_its_own() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Newer {
        text: String,
    }
    impl CacheValue for Newer {
        const KIND: &'static str = Thing::KIND;
        const SCHEMA: u32 = Thing::SCHEMA + 1;
        fn heap_bytes(&self) -> usize {
            self.text.capacity()
        }
    }
    let redis = TestRedis::start();
    let old = Process::begin(&redis, shared_alone()).await;
    let rows = Rows::of([(1, 7)]);
    assert_eq!(old.read(&rows, 1).await, Some(7));
    let new: Cache<Id, Newer> = Cache::new("test", shared_alone(), Some(old.tier.clone()));
    let load = |keys: Vec<Id>, _| async move {
        let newer = |_| Versioned { version: Version(7), value: Newer { text: "seven".to_owned() } };
        Ok(keys.into_iter().map(|key| (key, Ok(newer(key)))).collect())
    };
    for _ in 0..2 {
        let read = new.get(Id(1), Freshness::Recent, load).await.unwrap().unwrap();
        assert_eq!(read.text, "seven");
    }
    assert_eq!((new.counts().loads, new.counts().shared_hits), (1, 1));
    rows.loads();
    assert_eq!(old.read(&rows, 1).await, Some(7));
    assert_eq!(rows.loads(), []);
}
