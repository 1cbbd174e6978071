//! Beside a shared tier that hangs, fails, and comes back with what it had.

use std::sync::atomic::{AtomicBool, AtomicU64};

use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};

use super::*;

/// A tier that has one old value of every key until it is told of a change.
#[derive(Default)]
pub(super) struct Old {
    hangs: AtomicBool,
    asked: AtomicU64,
    forgotten: Mutex<Vec<NamedChange>>,
    cleared: AtomicBool,
    put: Mutex<Vec<String>>,
}

impl Old {
    pub(super) fn hang(&self, hangs: bool) {
        self.hangs.store(hangs, Ordering::SeqCst);
    }

    pub(super) fn forgotten(&self) -> Vec<NamedChange> {
        self.forgotten.lock().unwrap().clone()
    }

    fn answer<'a, T: Send + 'a>(
        &'a self,
        answer: impl FnOnce() -> T + Send + 'a,
    ) -> BoxFuture<'a, Result<T, SharedError>> {
        async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            if self.hangs.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            Ok(answer())
        }
        .boxed()
    }
}

impl SharedCache for Old {
    fn get_many<'a>(&'a self, _: &'a Space, wanted: &'a [Wanted]) -> BoxFuture<'a, Result<Vec<Held>, SharedError>> {
        self.answer(|| {
            let forgotten = self.forgotten.lock().unwrap();
            let held = |wanted: &Wanted| {
                let changed = self.cleared.load(Ordering::SeqCst)
                    || forgotten.iter().any(|change| change.name == wanted.name)
                    || wanted.floor > Version(1);
                let old = Bytes::from_static(br#"{"version":1,"text":"old"}"#);
                if changed { Held::Leased { changed } } else { Held::Value(Version(1), old) }
            };
            wanted.iter().map(held).collect()
        })
    }

    fn put_many<'a>(&'a self, _: &'a Space, offers: &'a [Offer]) -> BoxFuture<'a, Result<Vec<bool>, SharedError>> {
        self.answer(|| {
            self.put.lock().unwrap().extend(offers.iter().map(|offer| offer.name.clone()));
            vec![true; offers.len()]
        })
    }

    fn forget_many<'a>(&'a self, _: &'a Space, changes: &'a [NamedChange]) -> BoxFuture<'a, Result<(), SharedError>> {
        self.answer(|| self.forgotten.lock().unwrap().extend_from_slice(changes))
    }

    fn clear<'a>(&'a self, _: &'a Space) -> BoxFuture<'a, Result<(), SharedError>> {
        self.answer(|| self.cleared.store(true, Ordering::SeqCst))
    }

    fn raise<'a>(&'a self, _: &'a Space, _: &'a str, _: u64) -> BoxFuture<'a, Result<(), SharedError>> {
        self.answer(|| ())
    }

    fn raised<'a>(&'a self, _: &'a Space, _: &'a str) -> BoxFuture<'a, Result<Option<u64>, SharedError>> {
        self.answer(|| None)
    }
}

fn beside(old: &Arc<Old>) -> (Cache<Id, Thing>, SharedTier) {
    let tier = SharedTier::new(Arc::clone(old) as Arc<dyn SharedCache>, SHARED_TIMEOUT);
    // Nothing stays in the process: each read shows what the tier is believed.
    let config = CacheConfig { bytes_max: 0, ..CacheConfig::default() };
    (Cache::new("test", config, Some(tier.clone())), tier)
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_from_a_tier_that_is_owed_a_change() {
    let (old, store) = (Arc::new(Old::default()), Store::of([(1, 1), (2, 1)]));
    let (cache, tier) = beside(&old);
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(1));
    assert_eq!((store.asked(), cache.counts().shared_hits), (0, 1));
    store.set(1, 2);
    old.hangs.store(true, Ordering::SeqCst);
    assert_eq!(cache.forget(&[Change::of(Id(1))]).await, Told::Here);
    // What it was told of is read from the database for as long as it takes.
    for _ in 0..50 {
        assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert!(!tier.is_available());
    old.hangs.store(false, Ordering::SeqCst);
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
    assert_eq!(*old.forgotten.lock().unwrap(), [NamedChange { name: "1".to_owned(), version: None }]);
    assert!(tier.is_available());
    let hits = cache.counts().shared_hits;
    assert_eq!(store.read(&cache, 2).await.unwrap(), Some(1));
    assert_eq!(cache.counts().shared_hits, hits + 1, "it is believed again");
}

#[tokio::test(start_paused = true)]
async fn nor_from_one_whose_teller_went_away() {
    let (old, store) = (Arc::new(Old::default()), Store::of([(1, 2)]));
    let (cache, _) = beside(&old);
    old.hangs.store(true, Ordering::SeqCst);
    {
        let changes = [Change::of(Id(1))];
        let mut telling = Box::pin(cache.forget(&changes));
        assert!(futures::poll!(&mut telling).is_pending());
    }
    old.hangs.store(false, Ordering::SeqCst);
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
    assert_eq!(old.forgotten.lock().unwrap().len(), 1);
}

/// A flight reads the old value from the tier while that is being told.
#[tokio::test(start_paused = true)]
async fn what_is_read_while_the_tier_is_told_isnt_kept() {
    let (old, store) = (Arc::new(Old::default()), Store::of([(1, 2)]));
    let tier = SharedTier::new(Arc::clone(&old) as Arc<dyn SharedCache>, SHARED_TIMEOUT);
    let cache: Cache<Id, Thing> = Cache::new("test", CacheConfig::default(), Some(tier));
    old.hangs.store(true, Ordering::SeqCst);
    let changes = [Change::of(Id(1))];
    let mut telling = Box::pin(cache.forget(&changes));
    assert!(futures::poll!(&mut telling).is_pending());
    old.hangs.store(false, Ordering::SeqCst);
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(1), "the change isn't told yet");
    assert_eq!(telling.await, Told::Here);
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn too_many_changes_to_name_clear_the_tier() {
    let (old, store) = (Arc::new(Old::default()), Store::of([(1, 2)]));
    let (cache, _) = beside(&old);
    old.hangs.store(true, Ordering::SeqCst);
    let changes: Vec<_> = (0..20_000).map(|id| Change::of(Id(id))).collect();
    assert_eq!(cache.forget(&changes).await, Told::Here);
    old.hangs.store(false, Ordering::SeqCst);
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(store.read(&cache, 1).await.unwrap(), Some(2));
    assert!(old.cleared.load(Ordering::SeqCst) && old.forgotten.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_tier_that_hangs_costs_some_readers_its_time_limit_and_then_nobody() {
    let (old, store) = (Arc::new(Old::default()), Store::of([(1, 1)]));
    let (cache, tier) = beside(&old);
    old.hangs.store(true, Ordering::SeqCst);
    let start = tokio::time::Instant::now();
    for _ in 0..1_000 {
        assert_eq!(store.read(&cache, 1).await.unwrap(), Some(1));
    }
    assert!(start.elapsed() <= 4 * SHARED_TIMEOUT, "{:?}", start.elapsed());
    assert!(old.asked.load(Ordering::SeqCst) <= 4);
    let counts = tier.counts();
    assert!(counts.failed <= 4 && counts.skipped >= 900, "{counts:?}");
}

#[tokio::test(start_paused = true)]
async fn keys_and_values_that_are_too_long_stay_out_of_it() {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Name(String);
    impl CacheKey for Name {
        fn name(&self) -> String {
            self.0.clone()
        }
        fn from_name(name: &str) -> Option<Self> {
            Some(Self(name.to_owned()))
        }
        fn heap_bytes(&self) -> usize {
            self.0.capacity()
        }
    }
    let old = Arc::new(Old::default());
    old.cleared.store(true, Ordering::SeqCst);
    let tier = SharedTier::new(Arc::clone(&old) as Arc<dyn SharedCache>, SHARED_TIMEOUT);
    let cache: Cache<Name, Thing> = Cache::new("test", CacheConfig::default(), Some(tier));
    let load = |length: usize| {
        move |keys: Vec<Name>, _| async move {
            let value = || Thing { version: 1, text: "x".repeat(length) };
            Ok(keys.into_iter().map(|key| (key, Ok(Versioned { version: Version(1), value: value() }))).collect())
        }
    };
    let long = Name("n".repeat(SHARED_NAME_BYTES_MAX + 1));
    assert!(cache.get(long.clone(), Freshness::Recent, load(1)).await.unwrap().is_some());
    assert_eq!(cache.forget(&[Change::of(long)]).await, Told::Everywhere);
    assert_eq!(old.asked.load(Ordering::SeqCst), 0);
    let plain = Name("plain".to_owned());
    let large = cache.get(plain.clone(), Freshness::Recent, load(SHARED_VALUE_BYTES_MAX)).await.unwrap();
    assert!(large.is_some());
    // Its lease is given back, and the process keeps it.
    assert_eq!(*old.put.lock().unwrap(), ["plain"]);
    assert!(cache.get(plain, Freshness::Recent, load(1)).await.unwrap().is_some_and(|kept| kept.text.len() > 1));
}
