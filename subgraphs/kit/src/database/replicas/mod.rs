//! Reads from replicas: healthy ones, within the limit on lag, and as fresh as the reader needs; else from the primary.
//!
//! A replica is any hot standby of the service's primary. Each has a pool and is watched; one that dies, lags or is no replica
//! any more is left out, and comes back by itself. A URL names one server: behind a balancer nobody knows whom they ask.
//!
//! Reads that go to the primary, since no replica will do, have half of its connections at most. So neither a lost replica nor
//! forged positions of clients who claim to have written ([`wire::read_after`]) keep writers from it.

mod config;
mod connection;
mod freshness;
mod read;
mod replica;
#[cfg(test)]
mod tests;
mod watch;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Semaphore, task::JoinHandle};

pub use config::ReplicaConfig;
pub use connection::ReadConnection;
pub use freshness::{Freshness, Lsn};
pub use read::ReadWork;

use self::{
    freshness::{INSERT_POSITION, end_of_log},
    replica::Replica,
};
use super::{Database, DatabaseConfig, DatabaseError, StatementCount, transport::Target};

/// The most replicas of one primary: each is asked ten times a second by each process.
pub const REPLICAS_MAX: usize = 16;

/// A primary's replicas. Nobody watches them any more once it is dropped.
pub(super) struct Replicas {
    replicas: Arc<[Replica]>,
    config: ReplicaConfig,
    /// Places for readers on the primary.
    places: Arc<Semaphore>,
    turn: AtomicUsize,
    counts: Counts,
    watch: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Counts {
    replica: AtomicU64,
    primary: AtomicU64,
    failed_over: AtomicU64,
}

/// Where reads went since the database was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadCounts {
    /// To replicas.
    pub replica: u64,
    /// To the primary.
    pub primary: u64,
    /// Away from a replica on which they failed.
    pub failed_over: u64,
}

impl Database {
    /// A connection to read on: to a replica that will do, in turn, else to the primary. Whoever can say its read twice
    /// had better use [`Database::read`], which goes on elsewhere when the connection breaks.
    ///
    /// # Errors
    /// [`DatabaseError::PoolExhausted`] and [`DatabaseError::Connect`] of the primary.
    pub async fn read_connection(&self, freshness: Freshness) -> Result<ReadConnection, DatabaseError> {
        if let Some(replicas) = &self.replicas {
            for replica in replicas.fit(freshness) {
                match replica.connection().await {
                    Ok(connection) => {
                        replicas.counts.replica.fetch_add(1, Ordering::Relaxed);
                        return Ok(ReadConnection::new(connection, None));
                    }
                    Err(reason) => replicas.failed_over(replica, &reason),
                }
            }
        }
        self.primary_connection().await
    }

    /// Where the log ends now: after a commit, a position from which on the commit is seen. A statement on the primary.
    ///
    /// # Errors
    /// The primary can't be asked.
    pub async fn position(&self) -> Result<Lsn, DatabaseError> {
        let mut connection = self.connection().await?;
        let row = diesel::sql_query(if crate::mutant("12") { INSERT_POSITION.replace("insert","flush") } else { INSERT_POSITION.to_owned() });
        let row: Position = diesel_async::RunQueryDsl::get_result(row, &mut connection).await?;
        let insert = row.position.parse().map_err(|error| DatabaseError::Connect(Box::new(error)))?;
        Ok(end_of_log(insert, row.file_bytes.unsigned_abs()))
    }

    /// Waits until every replica shows everything up to `position`, or isn't read from by anybody for not doing so.
    pub async fn replayed(&self, position: Lsn) {
        let Some(replicas) = &self.replicas else { return };
        let interval = Duration::from_millis(replicas.config.watch_interval_ms);
        // Another process may look later than this one, and sees no more lag than the limit.
        let bound = Duration::from_millis(replicas.config.lag_ms_max) + 2 * interval;
        let all = async {
            while !replicas.replicas.iter().all(|replica| replica.has(position)) {
                tokio::time::sleep(interval).await;
            }
        };
        // The bound is as good as the condition.
        let _: Result<(), tokio::time::error::Elapsed> = tokio::time::timeout(bound, all).await;
    }

    /// Where reads went. All zero without replicas.
    #[must_use]
    pub fn reads(&self) -> ReadCounts {
        let Some(replicas) = &self.replicas else { return ReadCounts::default() };
        let Counts { replica, primary, failed_over } = &replicas.counts;
        ReadCounts {
            replica: replica.load(Ordering::Relaxed),
            primary: primary.load(Ordering::Relaxed),
            failed_over: failed_over.load(Ordering::Relaxed),
        }
    }

    /// Ends what runs beside requests: the watch over replicas. Reads go on where they were last seen to be right.
    pub async fn close(&self) {
        let Some(replicas) = &self.replicas else { return };
        let watch = replicas.watch.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(watch) = watch {
            watch.abort();
            // That it was cancelled is what was asked for.
            drop(watch.await);
        }
    }

    async fn primary_connection(&self) -> Result<ReadConnection, DatabaseError> {
        let Some(replicas) = &self.replicas else {
            return Ok(ReadConnection::new(self.connection().await?, None));
        };
        replicas.counts.primary.fetch_add(1, Ordering::Relaxed);
        let place = tokio::time::timeout(self.acquire_timeout, Arc::clone(&replicas.places).acquire_owned()).await;
        let place = place.map_err(|_| DatabaseError::PoolExhausted(self.acquire_timeout))?;
        Ok(ReadConnection::new(self.connection().await?, place.ok()))
    }
}

impl Replicas {
    /// Opens a pool to each and begins to watch them. They needn't be there yet.
    ///
    /// # Errors
    /// [`DatabaseError::Url`], or roots of certificates that can't be read; [`DatabaseError::Connect`] for more than
    /// [`REPLICAS_MAX`].
    pub fn open(
        primary: &Arc<str>,
        urls: &[String],
        config: &DatabaseConfig,
        statements: &StatementCount,
    ) -> Result<Option<Arc<Self>>, DatabaseError> {
        if urls.is_empty() {
            return Ok(None);
        }
        if urls.len() > REPLICAS_MAX {
            return Err(DatabaseError::Connect(format!("more than {REPLICAS_MAX} replicas").into()));
        }
        for url in urls {
            Target::parse(url)?;
        }
        let open = |url: &String| Replica::new(url, &config.replicas, statements);
        let replicas: Arc<[Replica]> = urls.iter().map(open).collect();
        let watch = tokio::spawn(watch::watch(Arc::clone(primary), Arc::clone(&replicas), config.replicas));
        let places = usize::try_from(config.pool_size_max / 2).unwrap_or(usize::MAX).max(1);
        Ok(Some(Arc::new(Self {
            replicas,
            config: config.replicas,
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            turn: AtomicUsize::new(0),
            counts: Counts::default(),
            watch: Mutex::new(Some(watch)),
        })))
    }

    /// Replicas that are fresh enough, each read first in its turn.
    fn fit(&self, freshness: Freshness) -> impl Iterator<Item = &Replica> {
        let position = match freshness {
            Freshness::Recent => Some(Lsn::default()),
            Freshness::AtLeast(position) => Some(position),
            Freshness::Latest => None,
        };
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.replicas.len().max(1);
        let replicas = self.replicas.iter().skip(turn).chain(self.replicas.iter().take(turn));
        replicas.filter(move |replica| position.is_some_and(|position| replica.has(if crate::mutant("11") { Lsn(0) } else { position })))
    }

    /// A read leaves a replica that doesn't serve it; others aren't sent there before it was looked at again.
    fn failed_over(&self, replica: &Replica, reason: &str) {
        self.counts.failed_over.fetch_add(1, Ordering::Relaxed);
        replica.lost(reason);
    }
}

impl Drop for Replicas {
    fn drop(&mut self) {
        if let Some(watch) = self.watch.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            watch.abort();
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Position {
    #[diesel(sql_type = diesel::sql_types::Text)]
    position: String,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    file_bytes: i64,
}
