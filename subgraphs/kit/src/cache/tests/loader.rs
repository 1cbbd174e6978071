//! A request's loaders through a service's cache.

use futures::future::try_join_all;

use super::*;
use crate::{Loader, loader::Source, recent_writers::Reader};

impl Source<Id, Thing> for Store {
    async fn read(&self, keys: Vec<Id>, freshness: Freshness) -> Result<HashMap<Id, Versioned<Thing>>> {
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
