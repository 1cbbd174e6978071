//! Work under way that several wait for: whoever asks for the same meanwhile joins it.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use executor::RequestContext;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use http::HeaderMap;

use crate::telemetry::trace::{TRACEPARENT, TRACESTATE};

/// Work that goes on while somebody waits for it.
pub(crate) type Flight<T> = Shared<BoxFuture<'static, T>>;

/// Whom an answer is for: what it may depend on besides what is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Audience {
    identity: Option<Arc<str>>,
    /// All that travel on to subgraphs, but for the trace.
    headers: Arc<HeaderMap>,
}

impl Audience {
    /// Of a request.
    pub fn of(context: &RequestContext) -> Self {
        let mut headers = HeaderMap::clone(&context.headers);
        headers.remove(TRACEPARENT);
        headers.remove(TRACESTATE);
        Self { identity: context.identity.clone(), headers: Arc::new(headers) }
    }
}

impl Hash for Audience {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity.hash(state);
        // The order of names is the map's own; equality looks at the values.
        self.headers.len().hash(state);
    }
}

/// What is under way. The list keeps none of it going.
struct List<K, T: Clone> {
    /// By what tells it apart: its number, and where it is joined.
    flights: HashMap<K, (u64, WeakShared<BoxFuture<'static, T>>)>,
    /// How many there have been.
    count: u64,
}

type UnderWay<K, T> = Arc<Mutex<List<K, T>>>;

/// All that is under way of one kind.
pub(crate) struct Flights<K, T: Clone>(UnderWay<K, T>);

impl<K, T: Clone> Default for Flights<K, T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(List { flights: HashMap::new(), count: 0 })))
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
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = list.flights.get(&key).and_then(|(_, flight)| flight.upgrade()) {
            return flight;
        }
        list.count += 1;
        let number = list.count;
        let landed = Landed { key: key.clone(), number, under_way: Arc::clone(&self.0) };
        let work = start();
        let flight = async move {
            let _landed = landed;
            work.await
        };
        let flight = flight.boxed().shared();
        if let Some(weak) = flight.downgrade() {
            list.flights.insert(key, (number, weak));
        }
        flight
    }
}

/// Takes a flight off the list when it has ended or nobody waits for it any more.
struct Landed<K: Eq + Hash, T: Clone> {
    key: K,
    number: u64,
    under_way: UnderWay<K, T>,
}

impl<K: Eq + Hash, T: Clone> Drop for Landed<K, T> {
    fn drop(&mut self) {
        let mut list = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody waited any more, and somebody has begun anew meanwhile.
        let is_other = |(number, _): &(u64, _)| *number != self.number;
        if !list.flights.get(&self.key).is_some_and(is_other) {
            list.flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_leaves_late_leaves_the_next_one_on_the_list() {
        let flights: Flights<u32, u32> = Flights::default();
        let second = flights.join(1, || async { 2 });
        // Of a first one, which nobody waited for any more when the second began.
        drop(Landed { key: 1, number: 0, under_way: Arc::clone(&flights.0) });
        let third = flights.join(1, || async { 3 });
        assert_eq!((second.await, third.await), (2, 2));
        assert!(flights.0.lock().unwrap().flights.is_empty());
    }
}
