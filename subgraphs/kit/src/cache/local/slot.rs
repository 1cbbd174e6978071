//! What the process keeps of one key, and what that weighs.

use std::{sync::Arc, time::Duration};

use quick_cache::{Lifecycle, Weighter};
use tokio::time::Instant;

use crate::cache::{CacheKey, CacheValue, Version, counts::Counters};

/// What a slot costs beside its key and value: the cache's table and queues (21 bytes an entry, up to three times as many
/// places), and what an allocator adds to two allocations.
const OVERHEAD_BYTES: usize = 96;

/// A value, or that there is none.
pub(crate) struct Slot<V> {
    pub value: Option<Arc<V>>,
    pub version: Version,
    expires: Instant,
    bytes: u64,
}

impl<V: CacheValue> Slot<V> {
    pub fn new<K: CacheKey>(key: &K, value: Option<Arc<V>>, version: Version, ttl: Duration) -> Self {
        let of_key = size_of::<K>() + key.heap_bytes();
        let of_value = value.as_ref().map_or(0, |value| size_of::<V>() + 2 * size_of::<usize>() + value.heap_bytes());
        let bytes = of_key + size_of::<Self>() + of_value + OVERHEAD_BYTES;
        Self { value, version, expires: Instant::now() + ttl, bytes: u64::try_from(bytes).unwrap_or(u64::MAX) }
    }
}

impl<V> Slot<V> {
    pub fn is_live(&self) -> bool {
        self.expires > Instant::now()
    }

    /// Whether it outlasts a change to `version`. That there was nothing is never known to be newer.
    pub fn outlasts(&self, version: Option<Version>) -> bool {
        self.value.is_some() && version.is_some_and(|version| self.version >= version)
    }
}

impl<V> Clone for Slot<V> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), ..*self }
    }
}

#[derive(Clone)]
pub(super) struct Weigh;

impl<K, V> Weighter<K, Slot<V>> for Weigh {
    fn weight(&self, _key: &K, slot: &Slot<V>) -> u64 {
        slot.bytes
    }
}

/// Counts what is thrown out.
#[derive(Clone)]
pub(super) struct Evictions(pub Arc<Counters>);

impl<K, V> Lifecycle<K, Slot<V>> for Evictions {
    type RequestState = ();

    fn begin_request(&self) {}

    fn on_evict(&self, _state: &mut (), _key: K, _slot: Slot<V>) {
        self.0.evictions.add(1);
    }
}
