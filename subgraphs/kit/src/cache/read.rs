//! Reading keys: from what the process keeps, from others' flights, or by a flight of one's own.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt as _, stream::FuturesUnordered};

use super::{
    CacheKey, CacheValue, Change, Inner, Loaded,
    fly::Values,
    local::{Claim, Landing, Waiting},
};
use crate::{
    database::Freshness,
    error::{Error, Result},
};

impl<K: CacheKey, V: CacheValue> Inner<K, V> {
    /// Reads at most [`super::SHARED_KEYS_MAX`] keys.
    pub(super) async fn read<F, Fut>(&self, keys: &[K], load: &F, values: &mut Values<K, V>) -> Result<()>
    where
        F: Fn(Vec<K>, Freshness) -> Fut,
        Fut: Future<Output = Result<Loaded<K, V>>>,
    {
        let mut missing = distinct(keys);
        while !missing.is_empty() {
            let Claim { found, led, joined } = self.local.claim(missing);
            values.extend(found.into_iter().filter_map(|(key, value)| Some((key, Ok(value?)))));
            // Its own first: whoever waits for others while others wait for it would wait for ever.
            if !led.is_empty() {
                self.fly(led, load, values).await?;
            }
            missing = self.wait(joined, values).await;
        }
        Ok(())
    }

    /// Reads past what is kept. What turns out to be newer outdates it.
    pub(super) async fn read_past<F, Fut>(
        &self,
        keys: &[K],
        freshness: Freshness,
        load: &F,
        values: &mut Values<K, V>,
    ) -> Result<()>
    where
        F: Fn(Vec<K>, Freshness) -> Fut,
        Fut: Future<Output = Result<Loaded<K, V>>>,
    {
        let loaded = self.load(distinct(keys), freshness, load).await?;
        let versions = loaded.iter().filter_map(|(key, loaded)| Some((key, loaded.as_ref().ok()?.version)));
        let newer = versions.filter(|(key, version)| self.local.keeps_older(key, *version));
        let newer: Vec<_> = newer.map(|(key, version)| Change::to(key.clone(), version)).collect();
        if !newer.is_empty() {
            self.local.change(&newer);
        }
        values.extend(loaded.into_iter().map(|(key, loaded)| (key, loaded.map(|loaded| Arc::new(loaded.value)))));
        Ok(())
    }

    /// Asks the database, within a bound in time.
    pub(super) async fn load<F, Fut>(&self, keys: Vec<K>, freshness: Freshness, load: &F) -> Result<Loaded<K, V>>
    where
        F: Fn(Vec<K>, Freshness) -> Fut,
        Fut: Future<Output = Result<Loaded<K, V>>>,
    {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        self.counters.loads.add(1);
        self.counters.loaded.add(keys.len());
        let timeout = Duration::from_millis(self.config.load_timeout_ms);
        let loaded = match tokio::time::timeout(timeout, load(keys, freshness)).await {
            Ok(loaded) => loaded,
            Err(_) => Err(Error::internal(format!("a {} was not loaded within {timeout:?}", V::KIND))),
        };
        if loaded.is_err() {
            self.counters.load_failures.add(1);
        }
        loaded
    }

    /// Waits for others' flights; the keys that are still to be had, since a flight was given up.
    async fn wait(&self, joined: Vec<(K, Waiting<V>)>, values: &mut Values<K, V>) -> Vec<K> {
        if joined.is_empty() {
            return Vec::new();
        }
        let mut missing: HashSet<K> = joined.iter().map(|(key, _)| key.clone()).collect();
        let bound = self.flight_time_max();
        let mut waiting: FuturesUnordered<_> = joined
            .into_iter()
            .map(|(key, waiting)| async move { (key, tokio::time::timeout(bound, waiting.landing()).await) })
            .collect();
        while let Some((key, landing)) = waiting.next().await {
            match landing {
                Ok(Landing::Landed(outcome)) => {
                    missing.remove(&key);
                    values.extend(outcome.transpose().map(|outcome| (key, outcome)));
                }
                Ok(Landing::Abandoned) => break,
                // Its leader is there and doesn't go on.
                Err(_) => {
                    self.local.change(&[Change::of(key)]);
                    break;
                }
            }
        }
        missing.into_iter().collect()
    }

    /// How long a flight takes at most: the tier before and after, others' lease, and two loads.
    fn flight_time_max(&self) -> Duration {
        Duration::from_millis(2 * self.config.load_timeout_ms + self.config.lease_wait_ms) + Duration::from_secs(1)
    }
}

fn distinct<K: CacheKey>(keys: &[K]) -> Vec<K> {
    let mut seen = HashSet::with_capacity(keys.len());
    keys.iter().filter(|key| seen.insert(*key)).cloned().collect()
}
