//! Loading through a cache: what a request's loaders ask for is looked up in the process, in the shared tier, and then in the
//! store.

use std::{collections::HashMap, fmt::Debug, future::Future, sync::Arc};

use super::{Batch, Loader, whole};
use crate::{
    cache::{Cache, CacheKey, CacheValue, Loaded},
    database::Freshness,
    error::Result,
    recent_writers::Reader,
};

/// Reads a store for a cache: what a subgraph writes.
pub trait Source<K, V>: Send + Sync + 'static {
    /// The values of `keys`, as fresh as said, each with the version that it is of; without those that don't exist. Where one alone can't
    /// be read, what is stored of it perhaps, the others are read all the same. `keys` has no duplicates and at most
    /// [`super::BATCH_KEYS_MAX`] entries. Reads only, by [`crate::Database::read`].
    fn read(&self, keys: Vec<K>, freshness: Freshness) -> impl Future<Output = Result<Loaded<K, V>>> + Send;
}

/// A batch that asks a cache first.
pub struct Through<K: CacheKey, V: CacheValue, S> {
    cache: Cache<K, V>,
    reader: Reader,
    source: S,
}

impl<K, V, S> Loader<K, Arc<V>, Through<K, V, S>>
where
    K: CacheKey + Debug,
    V: CacheValue,
    S: Source<K, V>,
{
    /// A loader through a service's cache, of the request whose `reader` this is. Values come as the store has them: who may
    /// see them is asked after.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use kit::{
    ///     Cache, Database, Loader, Result,
    ///     cache::{CacheValue, Loaded, Version, Versioned},
    ///     database::Freshness,
    ///     loader::{Source, Through},
    ///     recent_writers::Reader,
    /// };
    ///
    /// kit::global_id!(ShelfId, "Shelf");
    ///
    /// #[derive(Clone, serde::Serialize, serde::Deserialize)]
    /// struct Shelf {
    ///     id: ShelfId,
    ///     name: String,
    ///     version: u64,
    /// }
    ///
    /// impl CacheValue for Shelf {
    ///     const KIND: &'static str = "shelf";
    ///     const SCHEMA: u32 = 1;
    ///
    ///     fn heap_bytes(&self) -> usize {
    ///         self.name.capacity()
    ///     }
    /// }
    ///
    /// /// Shelves as the database has them.
    /// struct ById(Database);
    ///
    /// impl Source<ShelfId, Shelf> for ById {
    ///     async fn read(&self, keys: Vec<ShelfId>, freshness: Freshness) -> Result<Loaded<ShelfId, Shelf>> {
    ///         let shelves = self.0.read(freshness, async |connection| shelf_list_by_id(connection, &keys).await).await?;
    ///         let versioned = |shelf: Shelf| (shelf.id, Ok(Versioned { version: Version(shelf.version), value: shelf }));
    ///         Ok(shelves.into_iter().map(versioned).collect())
    ///     }
    /// }
    ///
    /// // Once a service: `Cache::new("shelves", CacheConfig::default(), shared_tier)`, and `Invalidation`. Once a request:
    /// type Shelves = Loader<ShelfId, Arc<Shelf>, Through<ShelfId, Shelf, ById>>;
    ///
    /// fn loader(cache: &Cache<ShelfId, Shelf>, database: &Database, reader: &Reader) -> Shelves {
    ///     Loader::through(cache, reader, ById(database.clone()))
    /// }
    /// # async fn shelf_list_by_id(_: &mut kit::database::ReadConnection, _: &[ShelfId]) -> Result<Vec<Shelf>> { Ok(Vec::new()) }
    /// ```
    pub fn through(cache: &Cache<K, V>, reader: &Reader, source: S) -> Self {
        Self::new(Through { cache: cache.clone(), reader: reader.clone(), source })
    }
}

impl<K, V, S> Batch<K, Arc<V>> for Through<K, V, S>
where
    K: CacheKey,
    V: CacheValue,
    S: Source<K, V>,
{
    async fn load(&self, keys: &[K]) -> Result<HashMap<K, Arc<V>>> {
        whole(self.load_each(keys).await?)
    }

    async fn load_each(&self, keys: &[K]) -> Result<HashMap<K, Result<Arc<V>>>> {
        let freshness = self.reader.freshness().await;
        self.cache.get_many(keys, freshness, |keys, freshness| self.source.read(keys, freshness)).await
    }
}
