//! One replica: its connections, and what was last seen of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use diesel_async::{AsyncPgConnection, pooled_connection::bb8::Pool};

use super::{Lsn, ReplicaConfig};
use crate::database::{Connection, DatabaseError, StatementCount, connect, describe, manager};

pub(super) struct Replica {
    pool: Pool<AsyncPgConnection>,
    pub url: Box<str>,
    seen: Arc<Seen>,
}

/// What the watch has seen of a replica.
#[derive(Default)]
struct Seen {
    /// Up to where it had replayed: a lower bound, as long as the server lives.
    replayed: AtomicU64,
    usable: AtomicBool,
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
        Self { pool, url: url.into(), seen }
    }

    /// Whether it may be read from, and has replayed so much.
    pub fn has(&self, position: Lsn) -> bool {
        self.seen.usable.load(Ordering::Acquire) && self.seen.replayed.load(Ordering::Acquire) >= position.0
    }

    /// A connection, or the reason why there is none.
    pub async fn connection(&self) -> Result<Connection, String> {
        self.pool.get_owned().await.map_err(|error| describe(&error))
    }

    /// It has replayed so much; whether it may be read from.
    pub fn saw(&self, replayed: Lsn, usable: bool) {
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
