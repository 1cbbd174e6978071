//! On a real Redis: the trait's behaviour, and processes that share it.

mod behaviour;
mod connection;
mod events;
mod outage;
mod processes;
mod random;
mod writers;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use kit::{
    Cache, Result,
    cache::{CacheConfig, CacheKey, CacheValue, Loaded, SHARED_TIMEOUT, SharedCache, SharedTier, Version, Versioned},
    database::Freshness,
    testing::{TestRedis, wait_within},
};
use serde::{Deserialize, Serialize};

use crate::RedisCache;

/// How long until what must happen soon has happened, on a busy machine.
const SOON: Duration = Duration::from_secs(30);

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

#[derive(Debug, Serialize, Deserialize)]
struct Thing {
    number: u64,
}

impl CacheValue for Thing {
    const KIND: &'static str = "thing";
    const SCHEMA: u32 = 1;

    fn heap_bytes(&self) -> usize {
        0
    }
}

/// A process: its own connection, circuit and cache.
struct Process {
    cache: Cache<Id, Thing>,
    tier: SharedTier,
}

impl Process {
    async fn begin(redis: &TestRedis, config: CacheConfig) -> Self {
        Self::begin_patient(redis, config, Duration::from_secs(5)).await
    }

    /// With another bound in time for calls.
    async fn begin_patient(redis: &TestRedis, config: CacheConfig, timeout: Duration) -> Self {
        let client: Arc<dyn SharedCache> = Arc::new(RedisCache::connect(&redis.url()).await.unwrap());
        let tier = SharedTier::new(client, timeout);
        Self { cache: Cache::new("test", config, Some(tier.clone())), tier }
    }

    async fn read(&self, rows: &Rows, id: u32) -> Option<u64> {
        let load = |keys, freshness| rows.clone().load(keys, freshness);
        let found = self.cache.get(Id(id), Freshness::Recent, load).await.unwrap();
        found.map(|thing| thing.number)
    }
}

/// A configuration with which nothing stays in a process: what is read shows what is in Redis.
fn shared_alone() -> CacheConfig {
    CacheConfig { bytes_max: 0, ..CacheConfig::default() }
}

/// The database: a number a row, which is its version too.
#[derive(Clone, Default)]
struct Rows(Arc<Inside>);

#[derive(Default)]
struct Inside {
    numbers: Mutex<HashMap<Id, u64>>,
    loads: Mutex<Vec<(u32, Freshness)>>,
    /// Held by a test: loads read, and then wait for it.
    gate: tokio::sync::RwLock<()>,
}

impl Rows {
    fn of(numbers: impl IntoIterator<Item = (u32, u64)>) -> Self {
        let rows = Self::default();
        numbers.into_iter().for_each(|(id, number)| rows.set(id, number));
        rows
    }

    fn set(&self, id: u32, number: u64) {
        self.0.numbers.lock().unwrap().insert(Id(id), number);
    }

    fn loads(&self) -> Vec<(u32, Freshness)> {
        std::mem::take(&mut self.0.loads.lock().unwrap())
    }

    async fn load(self, keys: Vec<Id>, freshness: Freshness) -> Result<Loaded<Id, Thing>> {
        self.0.loads.lock().unwrap().extend(keys.iter().map(|key| (key.0, freshness)));
        let read = {
            let numbers = self.0.numbers.lock().unwrap();
            let row = |key| {
                let number = *numbers.get(&key)?;
                Some((key, Ok(Versioned { version: Version(number), value: Thing { number } })))
            };
            keys.into_iter().filter_map(row).collect()
        };
        drop(self.0.gate.read().await);
        Ok(read)
    }

    async fn until_loading(&self) {
        until("a load", || !self.0.loads.lock().unwrap().is_empty()).await;
    }
}

async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    wait_within(SOON, what, async || condition().then_some(())).await;
}
