//! One replica: its connections, and what was last seen of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use diesel_async::{
    AsyncPgConnection,
    pooled_connection::bb8::{Pool, RunError},
};

use tokio::time::Instant;

use super::{Lsn, ReplicaConfig, watch::look_age_max};
use crate::database::{
    Connection, DatabaseError, PoolHealth, ReplicaHealth, StatementCount, connect, describe, manager,
};

pub(super) struct Replica {
    pool: Pool<AsyncPgConnection>,
    pub url: Box<str>,
    seen: Arc<Seen>,
    /// Looks are told in milliseconds since then.
    opened: Instant,
    look_age_max: Duration,
}

/// What the watch has seen of a replica.
#[derive(Default)]
struct Seen {
    /// Up to where it had replayed: a lower bound, as long as the server lives.
    replayed: AtomicU64,
    /// As the look found it that began then.
    usable: AtomicBool,
    looked_ms: AtomicU64,
}

impl Replica {
    pub fn new(url: &str, config: &ReplicaConfig, statements: &StatementCount) -> Self {
        let seen = Arc::<Seen>::default();
        let (watched, statements) = (Arc::clone(&seen), statements.clone());
        let manager = manager(url, move |url| {
            let (url, watched, statements) = (url.to_owned(), Arc::clone(&watched), statements.clone());
            async move { establish(&url, &watched, statements).await }
        });
        let pool = Pool::builder()
            .max_size(config.pool_size_max)
            .min_idle(Some(0))
            .connection_timeout(Duration::from_millis(config.acquire_timeout_ms))
            // Who can't connect goes elsewhere rather than try again.
            .retry_connection(false)
            .build_unchecked(manager);
        Self { pool, url: url.into(), seen, opened: Instant::now(), look_age_max: look_age_max(config) }
    }

    /// Whether it may be read from, and has replayed so much.
    pub fn has(&self, position: Lsn) -> bool {
        let looked = Duration::from_millis(self.seen.looked_ms.load(Ordering::Acquire));
        self.seen.usable.load(Ordering::Acquire)
            && self.seen.replayed.load(Ordering::Acquire) >= position.0
            && self.opened.elapsed().saturating_sub(looked) <= self.look_age_max
    }

    /// What is known of it.
    pub fn health(&self) -> ReplicaHealth {
        let replayed = Lsn(self.seen.replayed.load(Ordering::Acquire));
        ReplicaHealth { is_read_from: self.has(Lsn::default()), replayed, pool: PoolHealth::of(&self.pool) }
    }

    /// A connection. `None` if all are taken, or none can be made: then it isn't read from before it was looked at again.
    pub async fn connection(&self) -> Option<Connection> {
        match self.pool.get_owned().await {
            Ok(connection) => Some(connection),
            Err(RunError::TimedOut) => None,
            Err(RunError::User(error)) => {
                self.lost(&describe(&error));
                None
            }
        }
    }

    /// At a look that began `looked` it had replayed so much; whether it may be read from.
    pub fn saw(&self, looked: Instant, replayed: Lsn, usable: bool) {
        let looked = looked.saturating_duration_since(self.opened).as_millis();
        self.seen.looked_ms.store(u64::try_from(looked).unwrap_or(u64::MAX), Ordering::Release);
        self.seen.replayed.store(replayed.0, Ordering::Release);
        if self.seen.usable.swap(usable, Ordering::AcqRel) != usable {
            tracing::info!(usable, %replayed, "a replica");
        }
    }

    /// It doesn't answer.
    pub fn lost(&self, reason: &str) {
        if self.seen.usable.swap(false, Ordering::AcqRel) {
            tracing::warn!(reason, "a replica isn't read from");
        }
    }

    /// Nothing is known of it any more: whoever answers next may be another server.
    pub fn lost_sight(&self, reason: &str) {
        self.lost(reason);
        self.seen.replayed.store(0, Ordering::Release);
    }
}

/// A connection of the pool. A server that has crashed, or was made anew, takes up connections before it has replayed what it
/// had before; until the watch has noticed it must not be taken for what it was.
async fn establish(url: &str, seen: &Seen, statements: StatementCount) -> Result<AsyncPgConnection, DatabaseError> {
    let replayed = Lsn(seen.replayed.load(Ordering::Acquire));
    let mut connection = connect::establish(url).await?;
    let behind = diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&format!(
        "pg_last_wal_replay_lsn() IS NULL OR pg_last_wal_replay_lsn() < '{replayed}'"
    )));
    let behind: bool = diesel_async::RunQueryDsl::get_result(behind, &mut connection).await?;
    if behind {
        return Err(DatabaseError::Connect("the replica has gone back".into()));
    }
    diesel_async::AsyncConnection::set_instrumentation(&mut connection, statements);
    Ok(connection)
}
