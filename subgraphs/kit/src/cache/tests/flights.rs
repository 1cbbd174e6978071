//! One load a key, whoever comes and goes.

use futures::future::join_all;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_readers_of_an_expired_key_cause_one_load() {
    let config = CacheConfig { ttl_ms: 30, ..CacheConfig::default() };
    let (cache, store) = (Cache::new("test", config, None), Store::of([(1, 7)]));
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(7));
    for round in 2..5 {
        tokio::time::sleep(Duration::from_millis(40)).await;
        let (counts, start) = (cache.counts(), Arc::new(tokio::sync::Barrier::new(1_000)));
        store.shut();
        let readers: Vec<_> = (0..1_000)
            .map(|_| {
                let (cache, store, start) = (cache.clone(), store.clone(), Arc::clone(&start));
                tokio::spawn(async move {
                    start.wait().await;
                    store.read(&cache, 1).await
                })
            })
            .collect();
        while cache.counts().misses - counts.misses < 1_000 {
            tokio::task::yield_now().await;
        }
        store.open();
        for reader in readers {
            assert_eq!(reader.await.unwrap().unwrap(), Some(7));
        }
        assert_eq!(store.asked(), round);
        assert_eq!(cache.counts().joined - counts.joined, 999);
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_leader_goes_away_another_takes_over() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 7), (2, 8)]));
    store.shut();
    let leader = tokio::spawn({
        let (cache, store) = (cache.clone(), store.clone());
        async move { store.read_many(&cache, &[1, 2]).await }
    });
    until(|| store.0.under_way.load(Ordering::SeqCst) == 1).await;
    let waiting = [1, 2, 1].map(|id| {
        let (cache, store) = (cache.clone(), store.clone());
        tokio::spawn(async move { store.read(&cache, id).await.unwrap() })
    });
    until(|| cache.counts().joined == 3).await;
    leader.abort();
    until(|| store.asked() == 3).await;
    store.open();
    let read: Vec<Option<u64>> = join_all(waiting).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(read, [Some(7), Some(8), Some(7)]);
    assert_eq!(store.asked_keys(), [1, 1, 2, 2], "each key once more");
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_stands_still_holds_nobody_for_ever() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 7)]));
    store.shut();
    let mut leader = Box::pin(store.read(&cache, 1));
    assert!(futures::poll!(&mut leader).is_pending());
    store.open();
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(7));
    assert_eq!(leader.await.unwrap(), Some(7));
    assert_eq!(store.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn batches_that_overlap_load_each_key_once_and_never_wait_for_each_other() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of((0..100).map(|id| (id, 1))));
    let batches = (0..50).map(|index| {
        let (cache, store) = (cache.clone(), store.clone());
        tokio::spawn(async move {
            let mut ids: Vec<u32> = (index..index + 50).chain(index..index + 10).collect();
            fastrand::shuffle(&mut ids);
            store.read_many(&cache, &ids).await.unwrap().len()
        })
    });
    for read in join_all(batches).await {
        assert_eq!(read.unwrap(), 50);
    }
    assert_eq!(store.asked_keys(), (0..99).collect::<Vec<u32>>());
}

#[tokio::test(start_paused = true)]
async fn an_error_reaches_all_who_wait_and_isnt_kept() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 7)]));
    store.0.broken.store(true, Ordering::SeqCst);
    store.shut();
    let readers = [1; 3].map(|id| {
        let (cache, store) = (cache.clone(), store.clone());
        tokio::spawn(async move { store.read(&cache, id).await })
    });
    until(|| cache.counts().joined == 2).await;
    store.open();
    for reader in readers {
        assert!(matches!(reader.await.unwrap(), Err(Error::Internal(_))));
    }
    store.0.broken.store(false, Ordering::SeqCst);
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(7));
    assert_eq!((store.asked(), cache.counts().load_failures), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_key_has_nothing_to_do_with_another_one_that_cant_be_read() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 7), (2, 8)]));
    *store.0.spoilt.lock().unwrap() = Some(Id(2));
    store.shut();
    let readers = [vec![1, 2], vec![1], vec![2]].map(|ids| {
        let (cache, store) = (cache.clone(), store.clone());
        tokio::spawn(async move { store.read_many(&cache, &ids).await })
    });
    until(|| cache.counts().joined == 2).await;
    store.open();
    let [both, one, other]: [_; 3] = join_all(readers).await.try_into().unwrap();
    assert!(both.unwrap().is_err());
    assert_eq!(one.unwrap().unwrap(), HashMap::from([(1, 7)]));
    assert!(other.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_load_that_takes_too_long_fails() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 7)]));
    store.shut();
    let start = tokio::time::Instant::now();
    assert!(store.read(&cache, 1).await.is_err());
    assert_eq!(start.elapsed().as_secs(), CacheConfig::default().load_timeout_ms / 1_000);
    store.open();
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(7));
}
