//! Bytes and time.

use super::*;
use crate::cache::local::Slot;

/// Bytes of memory that this process occupies.
fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4_096
}

/// A gigabyte of values passes through 16 MiB.
#[tokio::test]
async fn a_million_values_take_no_more_room_than_allowed() {
    const ALLOWED: u64 = 16 * 1024 * 1024;
    let config = CacheConfig { bytes_max: ALLOWED, ..CacheConfig::default() };
    let cache: Cache<Id, Thing> = Cache::new("test", config, None);
    let before = resident_bytes();
    for id in 0..1_000_000 {
        let mut claim = cache.0.local.claim(vec![Id(id)]);
        let value = Arc::new(Thing { version: 1, text: "x".repeat(1_000) });
        let slot = Slot::new(&Id(id), Some(value), Version(1), Duration::from_secs(60));
        claim.led.end(&Id(id), Some(slot));
        assert!(id % 1_000 != 0 || cache.bytes() <= ALLOWED);
    }
    let grown = resident_bytes().saturating_sub(before);
    // Other tests run in this process; without a bound it would be a thousand megabytes.
    assert!(grown < 16 * ALLOWED, "{grown} bytes");
    assert!((ALLOWED / 2..=ALLOWED).contains(&cache.bytes()), "and it is used: {}", cache.bytes());
    let kept = ALLOWED / 1_000;
    assert!((1_000_000 - kept..1_000_000).contains(&cache.counts().evictions));
}

#[tokio::test(start_paused = true)]
async fn what_is_too_large_is_served_and_not_kept() {
    for bytes_max in [0, 64, 300] {
        let cache = settled(CacheConfig { bytes_max, ..CacheConfig::default() }).await;
        let store = Store::of((0..64).map(|id| (id, 1)));
        for _ in 0..2 {
            let all: Vec<u32> = (0..64).collect();
            assert_eq!(store.read_many(&cache, &all).await.unwrap().len(), 64);
            assert!(cache.bytes() <= bytes_max);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn values_expire_but_not_all_at_once() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of((0..1_000).map(|id| (id, 1))));
    let all: Vec<u32> = (0..1_000).collect();
    store.read_many(&cache, &all).await.unwrap();
    let ttl = Duration::from_millis(CacheConfig::default().ttl_ms);
    tokio::time::advance(ttl * 95 / 100).await;
    store.read_many(&cache, &all).await.unwrap();
    let expired = cache.counts().loaded - 1_000;
    assert!((300..700).contains(&expired), "{expired} of a thousand at half of the tenth");
    tokio::time::advance(ttl).await;
    store.read_many(&cache, &all).await.unwrap();
    assert_eq!(cache.counts().loaded, 2_000 + expired);
}
