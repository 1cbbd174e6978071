//! The pool's bounds.

use serde::{Deserialize, Serialize};

use super::ReplicaConfig;

/// How a service uses its database. The URL comes apart, since it is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// The most connections that one process opens.
    pub pool_size_max: u32,
    /// How long a request waits for a connection, in milliseconds.
    pub acquire_timeout_ms: u64,
    /// When its replicas are read from.
    pub replicas: ReplicaConfig,
}

impl Default for DatabaseConfig {
    /// 16 connections: more at once make a database of some processors no
    /// faster. A process of all six services opens more than the 100 that
    /// PostgreSQL allows by default, and is told to take fewer there. 5 s:
    /// longer than any statement should take, shorter than a client's patience.
    fn default() -> Self {
        Self { pool_size_max: 16, acquire_timeout_ms: 5_000, replicas: ReplicaConfig::default() }
    }
}
