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
mod position;
mod read;
mod replica;
#[cfg(test)]
mod tests;
mod watch;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use tokio::{sync::Semaphore, task::JoinHandle};

pub use config::ReplicaConfig;
pub use connection::ReadConnection;
pub use freshness::{Freshness, Lsn};
pub use read::ReadWork;

use self::replica::Replica;
use super::{Database, DatabaseConfig, DatabaseError, ReplicaHealth, StatementCount, transport::Target};

/// The most replicas of one primary: each is asked ten times a second by each process.
pub const REPLICAS_MAX: usize = 16;

/// How many a read tries before it goes to the primary: one that has just died is no reason to, and who waits for each of many
/// that are all busy waits too long.
const REPLICAS_TRIED_MAX: usize = 2;

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

    /// Ends what runs beside requests: the watch over replicas. Reads go to the primary then.
    pub async fn close(&self) {
        let Some(replicas) = &self.replicas else { return };
        let watch = replicas.watch.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(watch) = watch {
            watch.abort();
            // That it was cancelled is what was asked for.
            drop(watch.await);
        }
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

    /// What is known of each.
    pub fn health(&self) -> Vec<ReplicaHealth> {
        self.replicas.iter().map(Replica::health).collect()
    }

    /// Replicas to try that are fresh enough, each first in its turn.
    fn fit(&self, freshness: Freshness) -> impl Iterator<Item = &Replica> {
        let position = match freshness {
            Freshness::Recent => Some(Lsn::default()),
            Freshness::AtLeast(position) => Some(position),
            Freshness::Latest => None,
        };
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.replicas.len().max(1);
        let replicas = self.replicas.iter().skip(turn).chain(self.replicas.iter().take(turn));
        let fit = replicas.filter(move |replica| position.is_some_and(|position| replica.has(position)));
        fit.take(REPLICAS_TRIED_MAX)
    }
}

impl Drop for Replicas {
    fn drop(&mut self) {
        if let Some(watch) = self.watch.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            watch.abort();
        }
    }
}
