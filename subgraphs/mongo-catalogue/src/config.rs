//! The connection's bounds.

use serde::{Deserialize, Serialize};

/// How the catalogue uses its server. The URL comes apart, since it may hold a password.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MongoConfig {
    /// The database.
    pub database: String,
    /// The most connections that one process opens.
    pub pool_size_max: u32,
    /// How long a request waits for a server, in milliseconds.
    pub server_timeout_ms: u64,
}

impl Default for MongoConfig {
    /// 16 connections: as many as a service has to PostgreSQL. 5 s: longer than a change of primary mostly takes, shorter than a
    /// client's patience.
    fn default() -> Self {
        Self { database: "catalogue".to_owned(), pool_size_max: 16, server_timeout_ms: 5_000 }
    }
}
