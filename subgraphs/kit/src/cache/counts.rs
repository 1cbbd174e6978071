//! What a cache has done, for metrics and tests.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the cache was made. Keys, where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheCounts {
    /// Found in the process, values and absences.
    pub hits: u64,
    /// Not found there.
    pub misses: u64,
    /// Of the misses: those that somebody was loading already.
    pub joined: u64,
    /// Of the misses: those found in the shared tier.
    pub shared_hits: u64,
    /// Of the misses: those asked of the database.
    pub loaded: u64,
    /// Calls of a load, each with many keys.
    pub loads: u64,
    /// Calls of a load that failed, or took too long.
    pub load_failures: u64,
    /// Thrown out of the process for want of room.
    pub evictions: u64,
    /// Changes told.
    pub changes: u64,
}

#[derive(Default)]
pub(super) struct Counters {
    pub hits: Counter,
    pub misses: Counter,
    pub joined: Counter,
    pub shared_hits: Counter,
    pub loaded: Counter,
    pub loads: Counter,
    pub load_failures: Counter,
    pub evictions: Counter,
    pub changes: Counter,
}

impl Counters {
    pub fn read(&self) -> CacheCounts {
        CacheCounts {
            hits: self.hits.get(),
            misses: self.misses.get(),
            joined: self.joined.get(),
            shared_hits: self.shared_hits.get(),
            loaded: self.loaded.get(),
            loads: self.loads.get(),
            load_failures: self.load_failures.get(),
            evictions: self.evictions.get(),
            changes: self.changes.get(),
        }
    }
}

#[derive(Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, count: usize) {
        self.0.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
