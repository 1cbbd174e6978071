//! When a replica is read from.

use serde::{Deserialize, Serialize};

/// The bounds of reading from replicas. Their URLs come apart, since they are secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReplicaConfig {
    /// The most connections that one process opens to one replica.
    pub pool_size_max: u32,
    /// How far behind the primary a replica may be, in milliseconds. One that is further isn't read from.
    pub lag_ms_max: u64,
    /// How often each is looked at, in milliseconds.
    pub watch_interval_ms: u64,
    /// How long a read waits for a connection before it goes elsewhere, in milliseconds.
    pub acquire_timeout_ms: u64,
    /// How long a read may take on a replica before it goes elsewhere, in milliseconds.
    pub read_timeout_ms: u64,
}

impl Default for ReplicaConfig {
    /// As many connections as to the primary. 1 s of lag: what others write may appear that late, one's own never. Looked at ten
    /// times in that time, with a statement that costs nothing. Half a second for a connection and two for a read: many times
    /// what they take, and together with the primary's turn still within a client's patience.
    fn default() -> Self {
        Self {
            pool_size_max: 16,
            lag_ms_max: 1_000,
            watch_interval_ms: 100,
            acquire_timeout_ms: 500,
            read_timeout_ms: 2_000,
        }
    }
}
