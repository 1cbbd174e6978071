//! The flights of one caller, from take-off to the last landing. Dropped before, it leaves them to those who wait.

use std::{collections::HashMap, sync::Arc};

use super::{Flight, Landing, Local, Slot};
use crate::{
    cache::{CacheKey, CacheValue},
    error::Result,
};

pub(crate) struct Lead<'a, K: CacheKey, V: CacheValue> {
    local: &'a Local<K, V>,
    flights: HashMap<K, Arc<Flight<V>>>,
}

impl<'a, K: CacheKey, V: CacheValue> Lead<'a, K, V> {
    pub(super) fn new(local: &'a Local<K, V>) -> Self {
        Self { local, flights: HashMap::new() }
    }

    pub(super) fn add(&mut self, key: K, flight: Arc<Flight<V>>) {
        self.flights.insert(key, flight);
    }

    pub fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }

    /// The keys, in no order, and what was known of each.
    pub fn flights(&self) -> impl Iterator<Item = (&K, &Flight<V>)> {
        self.flights.iter().map(|(key, flight)| (key, flight.as_ref()))
    }

    /// Takes some of the flights out, to go on by themselves.
    pub fn split_off(&mut self, keys: &[K]) -> Self {
        let flights = keys.iter().filter_map(|key| self.flights.remove_entry(key)).collect();
        Self { local: self.local, flights }
    }

    /// Tells those who wait for `key`. The flight goes on until it is [`Lead::end`]ed: who asks now is told the same.
    pub fn tell(&self, key: &K, outcome: Result<Option<Arc<V>>>) {
        if let Some(flight) = self.flights.get(key) {
            flight.land(Landing::Landed(outcome));
        }
    }

    /// Ends a flight. What it brought is kept, unless the key has changed meanwhile.
    pub fn end(&mut self, key: &K, kept: Option<Slot<V>>) {
        if let Some(flight) = self.flights.remove(key) {
            self.local.end(key, &flight, kept);
        }
    }
}

impl<K: CacheKey, V: CacheValue> Drop for Lead<'_, K, V> {
    fn drop(&mut self) {
        self.flights.drain().for_each(|(key, flight)| {
            self.local.end(&key, &flight, None);
            flight.land(Landing::Abandoned);
        });
    }
}
