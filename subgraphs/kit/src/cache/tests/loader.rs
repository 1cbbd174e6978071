//! A request's loaders through a service's cache.

use futures::future::try_join_all;

use super::*;
use crate::{Loader, loader::Source, recent_writers::Reader};

impl Source<Id, Thing> for Store {
    async fn read(&self, keys: Vec<Id>, freshness: Freshness) -> Result<Loaded<Id, Thing>> {
        self.clone().load(keys, freshness).await
    }
}

#[tokio::test(start_paused = true)]
async fn what_one_request_has_loaded_the_next_one_finds() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of((0..100).map(|id| (id, 7))));
    for ids in [0..60_u32, 40..100, 0..100] {
        let loader = Loader::through(&cache, &Reader::anyone(), store.clone());
        let loaded = try_join_all(ids.clone().map(|id| loader.load(Id(id)))).await.unwrap();
        assert!(loaded.iter().all(|thing| thing.as_ref().is_some_and(|thing| thing.version == 7)));
    }
    assert_eq!(store.asked_keys(), (0..100).collect::<Vec<u32>>(), "each once");
    assert_eq!(store.last_freshness(), Some(Freshness::Recent));
}

#[tokio::test(start_paused = true)]
async fn what_cant_be_read_fails_alone_and_isnt_kept() {
    let (cache, store) = (settled(CacheConfig::default()).await, Store::of([(1, 7), (2, 7), (3, 7)]));
    *store.0.spoilt.lock().unwrap() = Some(Id(2));
    let loader = Loader::through(&cache, &Reader::anyone(), store.clone());
    let found = loader.load_each([1, 2, 3, 4].map(Id).to_vec()).await.unwrap();
    assert_eq!(found.len(), 3);
    assert!(matches!(&found[&Id(2)], Err(Error::Internal(_))));
    assert!([1, 3].into_iter().all(|id| found[&Id(id)].as_ref().is_ok_and(|thing| thing.version == 7)));
    assert!(loader.load_many(vec![Id(1), Id(2)]).await.is_err());
    *store.0.spoilt.lock().unwrap() = None;
    let loader = Loader::through(&cache, &Reader::anyone(), store.clone());
    assert_eq!(loader.load_many([1, 2, 3, 4].map(Id).to_vec()).await.unwrap().len(), 3);
    assert_eq!(store.asked_keys(), [1, 2, 2, 3, 4], "what was read is kept");
}
