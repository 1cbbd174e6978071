//! How much is kept, and how long.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The bounds of one cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheConfig {
    /// The most bytes that the process keeps, keys and bookkeeping included. 0 keeps nothing.
    pub bytes_max: u64,
    /// How long the process keeps a value, in milliseconds.
    pub ttl_ms: u64,
    /// How long it is kept that there is no value, here and in the shared tier, in milliseconds.
    pub absence_ttl_ms: u64,
    /// How long the shared tier keeps a value, in milliseconds.
    pub shared_ttl_ms: u64,
    /// How long a load may take, in milliseconds.
    pub load_timeout_ms: u64,
    /// How long it is remembered that a key has changed, in milliseconds: until then it is read from the primary.
    pub change_ttl_ms: u64,
    /// How long to wait for another process that loads the same key, in milliseconds.
    pub lease_wait_ms: u64,
}

impl Default for CacheConfig {
    /// 32 MiB: some tens of thousands of rows, small beside what a process needs anyway. Values die by events; a minute here
    /// and ten there bound how long a lost event can be seen. Absence is kept 5 s, since many keys that don't exist can be
    /// asked for. A load may take as long as a request waits for a connection. 15 s of changes: a load that began before the
    /// change (5 s), from a replica as far behind as is allowed (1 s), is over in half of it. 100 ms for another process: many
    /// times what a load takes, little for who waits for a process that died.
    fn default() -> Self {
        Self {
            bytes_max: 32 * 1024 * 1024,
            ttl_ms: 60_000,
            absence_ttl_ms: 5_000,
            shared_ttl_ms: 600_000,
            load_timeout_ms: 5_000,
            change_ttl_ms: 15_000,
            lease_wait_ms: 100,
        }
    }
}

impl CacheConfig {
    /// A span of life of up to `ttl_ms`, shortened by at most a tenth by chance: what was loaded together doesn't expire
    /// together.
    pub(super) fn jittered(ttl_ms: u64) -> Duration {
        Duration::from_millis(ttl_ms - fastrand::u64(0..=ttl_ms / 10))
    }
}
