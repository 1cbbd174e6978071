//! What a change does to what is kept and to what is under way.

use super::*;

const KEY: Id = Id(1);

#[tokio::test(start_paused = true)]
async fn a_load_that_began_before_a_change_is_never_kept() {
    for change in [Change::to(KEY, Version(2)), Change::of(KEY)] {
        let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 1)]));
        store.shut();
        let early = tokio::spawn({
            let (cache, store) = (cache.clone(), store.clone());
            async move { store.read(&cache, 1).await.unwrap() }
        });
        until(|| store.0.under_way.load(Ordering::SeqCst) == 1).await;
        // It has read version 1; now the change is made and told.
        store.set(1, 2);
        assert_eq!(cache.forget(std::slice::from_ref(&change)).await, Told::Everywhere);
        // Who comes now doesn't wait for the early load.
        let late = tokio::spawn({
            let (cache, store) = (cache.clone(), store.clone());
            async move { store.read(&cache, 1).await.unwrap() }
        });
        until(|| store.asked() == 2).await;
        store.open();
        assert_eq!(late.await.unwrap(), Some(2));
        // Reads that overlap a change may see either side of it.
        assert_eq!(early.await.unwrap(), Some(1));
        assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
        assert_eq!(store.asked(), 2, "the late one's is kept: {change:?}");
    }
}

/// The early load ends after the late one.
#[tokio::test(start_paused = true)]
async fn nor_does_it_take_the_place_of_a_newer_one() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 1)]));
    store.shut();
    let mut early = Box::pin(store.read(&cache, 1));
    assert!(futures::poll!(&mut early).is_pending());
    store.set(1, 2);
    cache.expect(&[Change::to(KEY, Version(2))]);
    store.open();
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
    assert_eq!(early.await.unwrap(), Some(1));
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
    assert_eq!(store.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_change_that_is_known_already_costs_nothing() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 5)]));
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(5));
    for version in [1, 4, 5] {
        cache.expect(&[Change::to(KEY, Version(version))]);
        assert_eq!(store.read(&cache, 1).await.unwrap(), Some(5));
    }
    assert_eq!(store.asked(), 1);
    // Neither to a load that began when it was known.
    store.set(1, 6);
    cache.expect(&[Change::to(KEY, Version(6))]);
    store.shut();
    let mut loading = Box::pin(store.read(&cache, 1));
    assert!(futures::poll!(&mut loading).is_pending());
    cache.expect(&[Change::to(KEY, Version(6)), Change::to(KEY, Version(5))]);
    store.open();
    assert_eq!(loading.await.unwrap(), Some(6));
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(6));
    assert_eq!(store.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn absence_is_kept_shorter_and_outlasts_no_change() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::default());
    for _ in 0..3 {
        assert_eq!(store.read(&cache, 1).await.unwrap(), None);
    }
    assert_eq!((store.asked(), cache.counts().hits), (1, 2));
    store.set(1, 1);
    cache.expect(&[Change::to(KEY, Version(1))]);
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(1));
    store.delete(1);
    cache.expect(&[Change::to(KEY, Version(2))]);
    assert_eq!(store.read(&cache, 1).await.unwrap(), None);
    // A key that is used again begins from 1: its absence of version 2 isn't newer.
    store.set(1, 1);
    cache.expect(&[Change::to(KEY, Version(1))]);
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(1));
    store.delete(1);
    let config = CacheConfig::default();
    assert_eq!(store.read(&cache, 2).await.unwrap(), None);
    let asked = store.asked();
    tokio::time::advance(Duration::from_millis(config.absence_ttl_ms)).await;
    assert_eq!(store.read(&cache, 2).await.unwrap(), None);
    assert_eq!(store.asked(), asked + 1);
}

#[tokio::test(start_paused = true)]
async fn a_changed_key_is_read_from_the_primary_for_a_while() {
    let config = CacheConfig { ttl_ms: 1, absence_ttl_ms: 1, ..CacheConfig::default() };
    let (cache, store) = (Cache::new("test", config, None), Store::of([(1, 1), (2, 1)]));
    let expired = || tokio::time::advance(Duration::from_millis(2));
    // A process that begins knows nothing of what changed before.
    store.read(&cache, 1).await.unwrap();
    assert_eq!(store.last_freshness(), Some(Freshness::Latest));
    tokio::time::advance(Duration::from_millis(config.change_ttl_ms)).await;
    store.read(&cache, 1).await.unwrap();
    assert_eq!(store.last_freshness(), Some(Freshness::Recent));
    cache.expect(&[Change::to(KEY, Version(1))]);
    expired().await;
    store.read_many(&cache, &[1, 2]).await.unwrap();
    let mut last: Vec<_> = store.0.asked.lock().unwrap().iter().rev().take(2).cloned().collect();
    last.sort_by_key(|(keys, _)| keys.first().map(|key| key.0));
    assert_eq!(last, [(vec![Id(1)], Freshness::Latest), (vec![Id(2)], Freshness::Recent)]);
    tokio::time::advance(Duration::from_millis(config.change_ttl_ms)).await;
    store.read(&cache, 1).await.unwrap();
    assert_eq!(store.last_freshness(), Some(Freshness::Recent));
}

#[tokio::test(start_paused = true)]
async fn who_has_written_is_served_past_what_is_kept_and_outdates_it() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 1)]));
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(1));
    store.set(1, 2);
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(1), "nobody has told");
    let mine = Freshness::AtLeast(crate::database::Lsn(9));
    assert_eq!(store.read_as(&cache, 1, mine).await.unwrap(), Some(2));
    assert_eq!(store.last_freshness(), Some(mine));
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
}
