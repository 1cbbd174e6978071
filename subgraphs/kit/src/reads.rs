//! How one process of a service reads: its database with replicas, the tier that its caches share with others', and who has
//! written lately.
//!
//! A domain hands it to [`crate::SubgraphBuilder::reads`], and what events outdate in the caches that it made of it to
//! [`crate::SubgraphBuilder::caches`]; each request then has a [`Reader`](crate::recent_writers::Reader), through which its loaders
//! read. Without shared tier and replicas all of it works, by the process's own memory and the primary.

use std::sync::Arc;

use crate::{
    Cache, Database,
    cache::{CacheConfig, CacheKey, CacheValue, SharedTier},
    recent_writers::RecentWriters,
};

/// See the module; cheap to clone.
#[derive(Clone)]
pub struct Reads {
    service: &'static str,
    database: Database,
    shared: Option<SharedTier>,
    writers: Arc<RecentWriters>,
    config: CacheConfig,
}

impl Reads {
    /// Of a service: its name is part of its keys in the shared tier, and stands before its positions in `x-read-after`.
    #[must_use]
    pub fn new(service: &'static str, database: Database, shared: Option<SharedTier>) -> Self {
        let writers = Arc::new(RecentWriters::new(service, database.clone(), shared.clone()));
        Self { service, database, shared, writers, config: CacheConfig::default() }
    }

    /// The same with other bounds of each cache.
    #[must_use]
    pub fn bounded(self, config: CacheConfig) -> Self {
        Self { config, ..self }
    }

    /// The service's database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Who has written lately.
    #[must_use]
    pub fn writers(&self) -> &Arc<RecentWriters> {
        &self.writers
    }

    /// An empty cache of values of one kind. Two of one kind know nothing of each other.
    #[must_use]
    pub fn cache<K: CacheKey, V: CacheValue>(&self) -> Cache<K, V> {
        let cache = Cache::new(self.service, self.config, self.shared.clone());
        self.database.metrics().watch_cache(V::KIND, &cache);
        cache
    }
}
