//! Batch loading within one request, on the `dataloader` crate.
//!
//! All keys that the request's resolvers ask for at about the same time become
//! one call of [`Batch::load`]: no N+1. A loader lives one request and is never
//! shared between two callers.
//!
//! `dataloader` caches, de-duplicates and bounds the batches. It hands results
//! over one key at a time, though, so that resolvers below a large list would
//! go on one by one and their own keys would fall into many small batches. So
//! keys gather here first: a batch closes when the request can't go on without
//! it, and all that wait for it go on at once.

mod gather;
mod through;
mod turn;

use std::{collections::HashMap, fmt::Debug, future::Future, hash::Hash};

use dataloader::{BatchFn, cached};
use futures::TryFutureExt as _;

use self::gather::Gather;
pub use self::through::{Source, Through};
pub(crate) use self::turn::drive;
use crate::error::Result;

/// The most keys one statement gets: an array parameter of this size is still
/// a small message, and a router's batch rarely exceeds it.
pub const BATCH_KEYS_MAX: usize = 1_000;

/// Loads many values by key at once: what a subgraph writes.
pub trait Batch<K, V>: Send + Sync + 'static {
    /// The values of `keys`, without those that don't exist. `keys` has no
    /// duplicates and at most [`BATCH_KEYS_MAX`] entries.
    fn load(&self, keys: &[K]) -> impl Future<Output = Result<HashMap<K, V>>> + Send;

    /// Like [`Batch::load`], with why a key alone has no value: for batches of which one key may fail and the others not.
    fn load_each(&self, keys: &[K]) -> impl Future<Output = Result<HashMap<K, Result<V>>>> + Send
    where
        K: Eq + Hash,
    {
        self.load(keys)
            .map_ok(|found| found.into_iter().map(|(key, value)| (key, Ok(value))).collect::<HashMap<_, _>>())
    }
}

/// All that was found.
///
/// # Errors
/// That of any key.
pub fn whole<K: Eq + Hash, V>(found: HashMap<K, Result<V>>) -> Result<HashMap<K, V>> {
    found.into_iter().map(|(key, value)| Ok((key, value?))).collect()
}

/// A batching, de-duplicating loader; cheap to clone, lives one request.
pub struct Loader<K, V, B>
where
    K: Eq + Hash + Clone + Debug + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    B: Batch<K, V>,
{
    gather: Gather<K, V, B>,
}

impl<K, V, B> Loader<K, V, B>
where
    K: Eq + Hash + Clone + Debug + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    B: Batch<K, V>,
{
    /// A loader for one request.
    pub fn new(batch: B) -> Self {
        let loader = cached::Loader::new(Adapter(batch)).with_max_batch_size(BATCH_KEYS_MAX).with_yield_count(0);
        Self { gather: Gather::new(loader) }
    }

    /// The value of `key`, or `None` when there is none.
    ///
    /// # Errors
    /// The batch's error, for every key that waited for it; the key's own.
    pub async fn load(&self, key: K) -> Result<Option<V>> {
        let found = self.gather.load([key.clone()]).await?;
        found.get(&key).cloned().unwrap_or(Ok(None))
    }

    /// The values of `keys`, without those that don't exist.
    ///
    /// # Errors
    /// The batch's error; that of any key.
    pub async fn load_many(&self, keys: Vec<K>) -> Result<HashMap<K, V>> {
        whole(self.load_each(keys).await?)
    }

    /// The values of `keys`, without those that don't exist, or why a key has none.
    ///
    /// # Errors
    /// The batch's error.
    pub async fn load_each(&self, keys: Vec<K>) -> Result<HashMap<K, Result<V>>> {
        let found = self.gather.load(keys.iter().cloned()).await?;
        let value = |key: K| Some((key.clone(), found.get(&key).cloned()?.transpose()?));
        Ok(keys.into_iter().filter_map(value).collect())
    }

    /// Forgets `key`, after it was changed.
    pub async fn clear(&self, key: K) {
        self.gather.clear(key).await;
    }
}

impl<K, V, B> Clone for Loader<K, V, B>
where
    K: Eq + Hash + Clone + Debug + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    B: Batch<K, V>,
{
    fn clone(&self) -> Self {
        Self { gather: self.gather.clone() }
    }
}

/// Gives every key an answer, so that a missing value or a failed statement
/// never looks like a fault of the loader.
struct Adapter<B>(B);

impl<K, V, B> BatchFn<K, Result<Option<V>>> for Adapter<B>
where
    K: Eq + Hash + Clone + Send + Sync,
    V: Clone + Send,
    B: Batch<K, V>,
{
    async fn load(&mut self, keys: &[K]) -> HashMap<K, Result<Option<V>>> {
        match self.0.load_each(keys).await {
            Ok(mut found) => keys.iter().map(|key| (key.clone(), found.remove(key).transpose())).collect(),
            Err(error) => keys.iter().map(|key| (key.clone(), Err(error.clone()))).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
