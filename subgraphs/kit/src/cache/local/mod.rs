//! What one process keeps, and what it is loading.
//!
//! Values that are found cost one look into a concurrent table. Everything else (beginning and ending a load, a change)
//! happens under one lock, the ledger's, so that a change is either before a value is kept or after it, and never between.

mod flight;
mod lead;
mod slot;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use quick_cache::{DefaultHashBuilder, sync::Cache as Table};

pub(crate) use self::{
    flight::{Flight, Landing, Waiting},
    lead::Lead,
    slot::Slot,
};
use super::{
    CacheConfig, CacheKey, CacheValue, Change, Version,
    counts::Counters,
    recent::{Known, Recent},
};
use slot::{Evictions, Weigh};

/// Bytes that a value is taken to have when the table is laid out; wrong by a power of ten, it still works well.
const VALUE_BYTES_GUESSED: u64 = 512;

pub(crate) struct Local<K: CacheKey, V: CacheValue> {
    slots: Table<K, Slot<V>, Weigh, DefaultHashBuilder, Evictions>,
    ledger: Mutex<Ledger<K, V>>,
    counters: Arc<Counters>,
}

struct Ledger<K, V> {
    flights: HashMap<K, Arc<Flight<V>>>,
    changes: Recent<K>,
}

/// What became of the keys that were asked for.
pub(crate) struct Claim<'a, K: CacheKey, V: CacheValue> {
    /// Found.
    pub found: Vec<(K, Option<Arc<V>>)>,
    /// To be loaded by the caller.
    pub led: Lead<'a, K, V>,
    /// Being loaded by others.
    pub joined: Vec<(K, Waiting<V>)>,
}

impl<K: CacheKey, V: CacheValue> Local<K, V> {
    pub fn new(config: &CacheConfig, counters: Arc<Counters>) -> Self {
        let values = usize::try_from(config.bytes_max / VALUE_BYTES_GUESSED).unwrap_or(usize::MAX);
        let evictions = Evictions(Arc::clone(&counters));
        let slots = Table::with(values, config.bytes_max, Weigh, DefaultHashBuilder::default(), evictions);
        let mut changes = Recent::new(Duration::from_millis(config.change_ttl_ms));
        // A process that begins hasn't been told what changed before.
        changes.everything_from_now();
        Self { slots, ledger: Mutex::new(Ledger { flights: HashMap::new(), changes }), counters }
    }

    /// Finds each key, or joins its flight, or begins one. `keys` has no duplicates.
    pub fn claim(&self, keys: Vec<K>) -> Claim<'_, K, V> {
        let asked = keys.len();
        let mut claim = Claim { found: Vec::with_capacity(asked), led: Lead::new(self), joined: Vec::new() };
        let mut missing = Vec::new();
        for key in keys {
            match self.slots.get(&key).filter(Slot::is_live) {
                Some(slot) => claim.found.push((key, slot.value)),
                None => missing.push(key),
            }
        }
        if !missing.is_empty() {
            let ledger = &mut *self.ledger();
            for key in missing {
                self.claim_missing(ledger, &mut claim, key);
            }
        }
        self.counters.hits.add(claim.found.len());
        self.counters.misses.add(asked - claim.found.len());
        self.counters.joined.add(claim.joined.len());
        claim
    }

    /// From now on nothing is kept or given out that a change of these has outdated.
    pub fn change(&self, changes: &[Change<K>]) {
        let ledger = &mut *self.ledger();
        for Change { key, version } in changes {
            ledger.changes.raise(key, version.unwrap_or_default().0);
            if let Some(flight) = ledger.flights.get(key)
                && !flight.knows(*version)
            {
                flight.set_outdated();
                ledger.flights.remove(key);
            }
            self.slots.remove_if(key, |slot| !slot.outlasts(*version));
        }
    }

    /// From now on nothing is kept or given out that is of before: any key may have changed.
    pub fn change_all(&self) {
        let ledger = &mut *self.ledger();
        ledger.changes.everything_from_now();
        ledger.flights.drain().for_each(|(_, flight)| flight.set_outdated());
        self.slots.clear();
    }

    /// Whether it keeps something of `key` that a change to `version` would outdate.
    pub fn keeps_older(&self, key: &K, version: Version) -> bool {
        self.slots.peek(key).is_some_and(|slot| !slot.outlasts(Some(version)))
    }

    /// What it keeps weighs so much.
    pub fn bytes(&self) -> u64 {
        self.slots.weight()
    }

    fn claim_missing(&self, ledger: &mut Ledger<K, V>, claim: &mut Claim<'_, K, V>, key: K) {
        // A flight may have ended since we looked.
        if let Some(slot) = self.slots.peek(&key).filter(Slot::is_live) {
            claim.found.push((key, slot.value));
            return;
        }
        if let Some(flight) = ledger.flights.get(&key) {
            claim.joined.push((key, flight.wait()));
            return;
        }
        let (floor, changed) = match ledger.changes.known(&key) {
            Known::AtLeast(version) => (Version(version), true),
            Known::Perhaps => (Version::default(), true),
            Known::Nothing => (Version::default(), false),
        };
        let flight = Arc::new(Flight::new(floor, changed));
        ledger.flights.insert(key.clone(), Arc::clone(&flight));
        claim.led.add(key, flight);
    }

    fn end(&self, key: &K, flight: &Arc<Flight<V>>, kept: Option<Slot<V>>) {
        let ledger = &mut *self.ledger();
        // Another flight may have begun since this one was outdated.
        if ledger.flights.get(key).is_some_and(|known| Arc::ptr_eq(known, flight)) {
            ledger.flights.remove(key);
        }
        if let Some(slot) = kept
            && !flight.is_outdated()
        {
            self.slots.insert(key.clone(), slot);
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger<K, V>> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
