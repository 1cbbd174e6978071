//! Databases, and the bus.

use serde::Deserialize;
use url::Url;

use super::Secret;

/// A database a service.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabasesConfig {
    /// The primary server's URL, `postgres://name:password@host:5432`, for services whose own variable (`USERS_DATABASE_URL` and the like)
    /// isn't set: each has a database of its name there.
    pub server: Option<Secret>,
    /// URLs of hot standbys of that server, one server each. They are read from while they are no more than a second behind.
    pub replicas: Vec<Secret>,
    /// The most connections that one service opens in a process.
    pub pool_size_max: u32,
}

impl Default for DatabasesConfig {
    /// 16: see `kit::database::DatabaseConfig`.
    fn default() -> Self {
        Self { server: None, replicas: Vec::new(), pool_size_max: 16 }
    }
}

/// The message bus that all services publish on.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BusConfig {
    /// In a PostgreSQL database.
    Postgres {
        /// Its URL; without one the database `bus` on `databases.server`.
        url: Option<Secret>,
    },
    /// Apache Pulsar.
    Pulsar {
        /// Where brokers take clients: `pulsar://host:6650`, or `pulsar+ssl://`.
        service_url: Url,
        /// Where they take REST requests, by which topics are made: `http://host:8080`.
        admin_url: Url,
        /// The token that they ask for, if they do.
        token: Option<Secret>,
    },
}

impl Default for BusConfig {
    fn default() -> Self {
        Self::Postgres { url: None }
    }
}
