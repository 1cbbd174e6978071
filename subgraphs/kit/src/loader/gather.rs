//! Gathering keys: everyone who asks within a turn waits for the same future,
//! and goes on in the same turn.

use std::{
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use dataloader::cached;
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};

use super::{
    Adapter, Batch,
    turn::{TurnEnd, turn_end},
};
use crate::error::{Error, Result};

/// What a batch found: an answer a key.
type Found<K, V> = Result<Arc<HashMap<K, Result<Option<V>>>>>;

type Waiting<K, V> = Shared<BoxFuture<'static, Found<K, V>>>;

/// The batch that is open, if any.
struct Open<K, V> {
    keys: Vec<K>,
    waiting: Option<Waiting<K, V>>,
}

pub(super) struct Gather<K, V, B>
where
    K: Eq + Hash + Clone + Debug + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    B: Batch<K, V>,
{
    loader: cached::Loader<K, Result<Option<V>>, Adapter<B>>,
    open: Arc<Mutex<Open<K, V>>>,
}

impl<K, V, B> Gather<K, V, B>
where
    K: Eq + Hash + Clone + Debug + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    B: Batch<K, V>,
{
    pub(super) fn new(loader: cached::Loader<K, Result<Option<V>>, Adapter<B>>) -> Self {
        let open = Open { keys: Vec::new(), waiting: None };
        Self { loader, open: Arc::new(Mutex::new(open)) }
    }

    /// Adds `keys` to the open batch and waits for it.
    pub(super) fn load(&self, keys: impl IntoIterator<Item = K>) -> Waiting<K, V> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.keys.extend(keys);
        open.waiting.get_or_insert_with(|| self.clone().close_and_load(turn_end()).boxed().shared()).clone()
    }

    pub(super) async fn clear(&self, key: K) {
        self.loader.clear(key).await;
    }

    async fn close_and_load(self, turn_end: TurnEnd) -> Found<K, V> {
        turn_end.await;
        let keys = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.waiting = None;
            std::mem::take(&mut open.keys)
        };
        let found = self.loader.try_load_many(keys).await;
        found.map(Arc::new).map_err(Error::internal)
    }
}

impl<K, V, B> Clone for Gather<K, V, B>
where
    K: Eq + Hash + Clone + Debug + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    B: Batch<K, V>,
{
    fn clone(&self) -> Self {
        Self { loader: self.loader.clone(), open: Arc::clone(&self.open) }
    }
}
