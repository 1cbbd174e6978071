//! Metrics of services, in Prometheus' text form, named by the OpenTelemetry conventions where there are any.
//!
//! Two kinds. What happens is counted where it happens, by [`Instruments`](self::instruments) that hang on the service's
//! [`Database`](crate::Database): whoever has that can count. What *is* (rows that wait, sagas, pools) is looked at when somebody
//! scrapes, within a time limit and at most once a second, so that no number of scrapers burdens a database.
//!
//! [`catalogue`] names each metric, and is what the documentation is held to. Labels come from the code (services, groups,
//! topics, kinds): nothing that a client or a message says makes a series.

pub mod catalogue;
mod consumed;
mod instruments;
mod page;
mod pool;
mod scrape;
mod service;
mod tables;
#[cfg(test)]
mod tests;
mod watched;

use std::{error::Error, fmt, sync::Arc};

use futures::{FutureExt as _, TryFutureExt as _};

pub(crate) use consumed::{ConsumerCounts, Outcome};
pub(crate) use instruments::Instruments;
pub(crate) use pool::PoolTimes;
pub use scrape::CONTENT_TYPE;
pub use service::ServiceMetrics;

use self::{
    scrape::Kept,
    watched::{PendingError, Watched},
};
use crate::{Database, cache::SharedTier, outbox, worker::Monitor};

/// All metrics of a process; cheap to clone.
#[derive(Clone, Default)]
pub struct Metrics {
    instruments: Arc<Instruments>,
    watched: Arc<Watched>,
    kept: Arc<Kept>,
}

impl Metrics {
    /// Metrics of no service yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of a service.
    #[must_use]
    pub fn service(&self, name: &str) -> ServiceMetrics {
        ServiceMetrics::new(name, Arc::clone(&self.instruments))
    }

    /// Counts what is done through `database` as a service's, and tells of its pool, which is `for_what`: `requests`, say.
    #[must_use]
    pub fn measured(&self, service: &str, for_what: &'static str, database: Database) -> Database {
        let database = database.measured(self.service(service), for_what);
        self.watched.pool(service, for_what, &database);
        database
    }

    /// Tells what waits in a service's tables: for the process that works on it, since each look costs statements.
    pub fn watch_tables(&self, service: &str, database: &Database) {
        self.watched.tables(service, database);
    }

    /// Counts as a service's outbox also what waits to be published elsewhere, in another store's documents say: for the process that
    /// tells of its tables as well. `look` is given a second, and looks again with each scrape.
    pub fn watch_pending<F, E>(&self, service: &str, look: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<outbox::Status, E>> + Send + 'static,
        E: Error + Send + Sync + 'static,
    {
        let pending = move || look().map_err(|error| PendingError(Box::new(error))).boxed();
        self.watched.pending(service, Arc::new(pending));
    }

    /// Tells what was asked of the tier that the caches of this process' services share with other processes.
    pub fn watch_shared_tier(&self, tier: &SharedTier) {
        self.watched.tier(tier);
    }

    /// Tells how a service's workers are doing.
    pub fn watch_workers(&self, monitor: Monitor) {
        self.watched.workers(monitor);
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Metrics").finish_non_exhaustive()
    }
}
