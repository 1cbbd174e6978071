//! The cache in one process: one load, nothing outdated, bounded; and beside a shared tier that fails.

mod bounds;
mod changes;
mod flights;
mod invalidation;
mod loader;
mod random;
mod tier;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::*;
use crate::error::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Id(u32);

impl CacheKey for Id {
    fn name(&self) -> String {
        self.0.to_string()
    }

    fn from_name(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Thing {
    version: u64,
    text: String,
}

impl CacheValue for Thing {
    const KIND: &'static str = "thing";
    const SCHEMA: u32 = 1;

    fn heap_bytes(&self) -> usize {
        self.text.capacity()
    }
}

fn thing(version: u64) -> Versioned<Thing> {
    Versioned { version: Version(version), value: Thing { version, text: "text".to_owned() } }
}

/// A cache of a process that has run for a while.
async fn settled(config: CacheConfig) -> Cache<Id, Thing> {
    let cache = Cache::new("test", config, None);
    tokio::time::advance(Duration::from_millis(config.change_ttl_ms)).await;
    cache
}

/// The database: things of a version each, and who asked how for them.
#[derive(Clone, Default)]
struct Store(Arc<Inside>);

struct Inside {
    versions: Mutex<HashMap<Id, u64>>,
    asked: Mutex<Vec<(Vec<Id>, Freshness)>>,
    /// Loads take a ticket after they have read.
    gate: Semaphore,
    under_way: AtomicUsize,
    broken: std::sync::atomic::AtomicBool,
    /// What is stored of this one can't be read.
    spoilt: Mutex<Option<Id>>,
}

impl Default for Inside {
    fn default() -> Self {
        Self {
            versions: Mutex::default(),
            asked: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            under_way: AtomicUsize::new(0),
            broken: false.into(),
            spoilt: Mutex::default(),
        }
    }
}

impl Store {
    fn of(things: impl IntoIterator<Item = (u32, u64)>) -> Self {
        let store = Self::default();
        for (id, version) in things {
            store.set(id, version);
        }
        store
    }

    fn set(&self, id: u32, version: u64) {
        self.0.versions.lock().unwrap().insert(Id(id), version);
    }

    fn delete(&self, id: u32) {
        self.0.versions.lock().unwrap().remove(&Id(id));
    }

    /// From now on loads read, and then wait for [`Store::open`].
    fn shut(&self) {
        self.0.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    fn open(&self) {
        self.0.gate.add_permits(1_000);
    }

    fn asked(&self) -> usize {
        self.0.asked.lock().unwrap().len()
    }

    fn last_freshness(&self) -> Option<Freshness> {
        self.0.asked.lock().unwrap().last().map(|(_, freshness)| *freshness)
    }

    fn asked_keys(&self) -> Vec<u32> {
        let asked = self.0.asked.lock().unwrap();
        let mut keys: Vec<u32> = asked.iter().flat_map(|(keys, _)| keys.iter().map(|key| key.0)).collect();
        keys.sort_unstable();
        keys
    }

    async fn load(self, keys: Vec<Id>, freshness: Freshness) -> Result<Loaded<Id, Thing>> {
        self.0.asked.lock().unwrap().push((keys.clone(), freshness));
        let read: Loaded<Id, Thing> = {
            let (versions, spoilt) = (self.0.versions.lock().unwrap(), *self.0.spoilt.lock().unwrap());
            let read = |key: Id| {
                let version = *versions.get(&key)?;
                let is_spoilt = spoilt == Some(key);
                Some((key, if is_spoilt { Err(Error::internal("spoilt")) } else { Ok(thing(version)) }))
            };
            keys.into_iter().filter_map(read).collect()
        };
        self.0.under_way.fetch_add(1, Ordering::SeqCst);
        self.0.gate.acquire().await.unwrap().forget();
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
        if self.0.broken.load(Ordering::SeqCst) { Err(Error::internal("broken")) } else { Ok(read) }
    }

    /// Reads through the cache.
    async fn read(&self, cache: &Cache<Id, Thing>, id: u32) -> Result<Option<u64>> {
        self.read_as(cache, id, Freshness::Recent).await
    }

    async fn read_as(&self, cache: &Cache<Id, Thing>, id: u32, freshness: Freshness) -> Result<Option<u64>> {
        let found = cache.get(Id(id), freshness, |keys, freshness| self.clone().load(keys, freshness)).await?;
        Ok(found.map(|thing| thing.version))
    }

    async fn read_many(&self, cache: &Cache<Id, Thing>, ids: &[u32]) -> Result<HashMap<u32, u64>> {
        let keys: Vec<Id> = ids.iter().copied().map(Id).collect();
        let load = |keys, freshness| self.clone().load(keys, freshness);
        let found = cache.get_many(&keys, Freshness::Recent, load).await?;
        found.into_iter().map(|(key, thing)| Ok((key.0, thing?.version))).collect()
    }
}

/// Lets everything run that can, until `condition` holds.
async fn until(mut condition: impl FnMut() -> bool) {
    for _ in 0..10_000 {
        if condition() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it never came to that");
}
