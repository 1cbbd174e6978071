//! How a database's servers are, for readiness, metrics and whoever operates them.

use diesel_async::{AsyncPgConnection, pooled_connection::bb8::Pool};

use super::{Database, Lsn};

/// A primary and its replicas as this process sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseHealth {
    /// Whether the primary answers a statement now.
    pub is_primary_ready: bool,
    /// Connections to it.
    pub primary: PoolHealth,
    /// Its replicas, in the order in which they were named.
    pub replicas: Vec<ReplicaHealth>,
}

/// Connections that a pool has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolHealth {
    /// How many there are.
    pub connections: u32,
    /// How many of them nobody uses.
    pub idle: u32,
    /// How often somebody got none in time.
    pub timed_out: u64,
}

/// One replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicaHealth {
    /// Whether it is read from: it answers, is a replica, and within the limit on lag.
    pub is_read_from: bool,
    /// Up to where it had replayed at the last look; 0 while nothing is known.
    pub replayed: Lsn,
    /// Connections to it.
    pub pool: PoolHealth,
}

impl Database {
    /// How the servers are now. Asks the primary, within the time that one may wait for a connection; of replicas it tells
    /// what their watch has seen.
    pub async fn health(&self) -> DatabaseHealth {
        let is_primary_ready = self.is_ready().await;
        let replicas = self.replicas.as_ref().map(|replicas| replicas.health()).unwrap_or_default();
        DatabaseHealth { is_primary_ready, primary: PoolHealth::of(&self.pool), replicas }
    }

    /// Connections to the primary now.
    #[must_use]
    pub fn pool_health(&self) -> PoolHealth {
        PoolHealth::of(&self.pool)
    }

    /// How many there may be.
    #[must_use]
    pub fn pool_size_max(&self) -> u32 {
        self.pool_size_max
    }

    /// How many replicas are read from now; `None` without any.
    #[must_use]
    pub fn replicas_read_from(&self) -> Option<u64> {
        let health = self.replicas.as_ref()?.health();
        let read_from = health.iter().filter(|replica| replica.is_read_from).count();
        Some(u64::try_from(read_from).unwrap_or(u64::MAX))
    }
}

impl PoolHealth {
    pub(super) fn of(pool: &Pool<AsyncPgConnection>) -> Self {
        let state = pool.state();
        Self { connections: state.connections, idle: state.idle_connections, timed_out: state.statistics.get_timed_out }
    }
}
