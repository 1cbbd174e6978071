//! A message bus in PostgreSQL, for the embedded default and for small installations: durable, ordered, shared by any number
//! of processes, and with nothing to install.
//!
//! Each partition of a topic is a log: publishing takes the partition's row, so that positions are given out without gaps and
//! become visible in their order, and reading needs to know one number. Consumers of a group share the partitions out by
//! advisory locks of one connection a process, which PostgreSQL drops with the process; what a group has acknowledged is
//! kept as one number a partition.
//!
//! It holds a few thousand messages a second, and keeps them for a while: see [`LogBusConfig`]. A group that
//! wasn't there for longer than that misses what was thrown away meanwhile, with a line in the log.

mod acknowledge;
mod backlog;
mod config;
mod fetch;
mod groups;
mod locks;
mod member;
mod notice;
mod progress;
mod publish;
mod read;
mod retention;
mod session;
mod share;
mod subscription;
#[cfg(test)]
mod tests;
mod topics;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use futures::future::BoxFuture;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};
use wire::{
    bus::{Bus, BusError, Message, Subscription},
    topic::Topic,
};

pub use config::LogBusConfig;

use crate::database::{Database, DatabaseError};

/// The schema of the bus.
const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/bus");
/// The channel on which buses of a database are told of each other: [`notice::Notice`]s.
const WAKE_CHANNEL: &str = "log_bus";
/// How long a statement of the bus may take before it counts as unanswered.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);

/// A bus in a PostgreSQL database, which may be a service's, but is best its own.
pub struct LogBus {
    database: Database,
    topics: topics::Topics,
    members: Arc<member::Members>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Stops the tasks when the bus is dropped without having been closed.
    _stop_when_dropped: DropGuard,
}

impl LogBus {
    /// Brings the bus' tables in a database to the newest version. Needs a multi-threaded runtime.
    ///
    /// # Errors
    /// As [`Database::migrate`].
    pub async fn migrate(database: &Database) -> Result<(), DatabaseError> {
        database.migrate_alone(MIGRATIONS).await
    }

    /// Opens the bus of a migrated database. It takes one connection beside the pool's.
    ///
    /// # Errors
    /// [`DatabaseError`] when the database can't be reached.
    pub async fn open(database: Database, config: LogBusConfig) -> Result<Self, DatabaseError> {
        let (members, tasks, stop) =
            (Arc::new(member::Members::default()), TaskTracker::new(), CancellationToken::new());
        let session = session::Session::open(database.clone(), Arc::clone(&members)).await?;
        tasks.spawn(session.run(stop.clone()));
        tasks.spawn(retention::keep_clearing(database.clone(), config, stop.clone()));
        let _stop_when_dropped = stop.clone().drop_guard();
        Ok(Self { database, topics: topics::Topics::default(), members, tasks, stop, _stop_when_dropped })
    }

    /// Gives up all partitions and ends the bus' tasks. Subscriptions get nothing any more.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Bus for LogBus {
    fn publish<'a>(&'a self, topic: &'a Topic, messages: &'a [Message]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(publish::publish(self, topic, messages))
    }

    fn subscribe<'a>(
        &'a self,
        topic: &'a Topic,
        group: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn Subscription>, BusError>> {
        Box::pin(subscription::subscribe(self, topic, group))
    }

    fn backlog<'a>(&'a self, topic: &'a Topic) -> BoxFuture<'a, Result<Option<BTreeMap<String, u64>>, BusError>> {
        Box::pin(in_time(async { Ok(Some(backlog::backlog(&self.database, topic).await?)) }))
    }
}

/// Does what must not take longer than [`STATEMENT_TIMEOUT`].
async fn in_time<T>(work: impl Future<Output = Result<T, DatabaseError>>) -> Result<T, BusError> {
    match tokio::time::timeout(STATEMENT_TIMEOUT, work).await {
        Ok(outcome) => outcome.map_err(|error| BusError::Unavailable(Box::new(error))),
        Err(late) => Err(BusError::Unavailable(Box::new(late))),
    }
}
