//! Work under way that several wait for: whoever asks for the same meanwhile joins it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};

/// Work that goes on while somebody waits for it.
pub(crate) type Flight<T> = Shared<BoxFuture<'static, T>>;

/// What is under way, by what tells it apart. The list keeps none of it going.
type UnderWay<K, T> = Arc<Mutex<HashMap<K, WeakShared<BoxFuture<'static, T>>>>>;

/// All that is under way of one kind.
pub(crate) struct Flights<K, T: Clone>(UnderWay<K, T>);

impl<K, T: Clone> Default for Flights<K, T> {
    fn default() -> Self {
        Self(UnderWay::default())
    }
}

impl<K, T> Flights<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Joins what is under way for a key, or starts it.
    pub fn join<F>(&self, key: K, start: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = under_way.get(&key).and_then(WeakShared::upgrade) {
            return flight;
        }
        let landed = Landed { key: key.clone(), under_way: Arc::clone(&self.0) };
        let work = start();
        let flight = async move {
            let _landed = landed;
            work.await
        };
        let flight = flight.boxed().shared();
        if let Some(weak) = flight.downgrade() {
            under_way.insert(key, weak);
        }
        flight
    }
}

/// Takes a flight off the list when it has ended or nobody waits for it any more.
struct Landed<K: Eq + Hash, T> {
    key: K,
    under_way: UnderWay<K, T>,
}

impl<K: Eq + Hash, T> Drop for Landed<K, T> {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}
