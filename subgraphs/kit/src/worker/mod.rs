//! Workers: what a domain does in the background for as long as its process runs. Relay, consumers, sagas, projectors and job
//! runners are tasks that start together, are started again when they fail, and stop together.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use kit::{CommandConsumer, CommandHandler, Database, Workers};
//! # use wire::{Domain, bus::Bus};
//! # async fn example(database: Database, bus: Arc<dyn Bus>, handler: impl CommandHandler) {
//! let workers = Workers::of(Domain::Orders, &database, &bus)
//!     .with(CommandConsumer::new(database.clone(), Arc::clone(&bus), Domain::Orders, handler));
//! let running = workers.start();
//! // … until the process is told to end …
//! running.stop().await;
//! # }
//! ```
//!
//! A task waits out failures of database and bus by itself. What comes here is what it didn't expect: an error or a panic. That
//! costs one start, later and later, and never another task. Nothing runs on after [`Running`] is gone.

mod running;
mod status;
mod supervise;
mod task;
#[cfg(test)]
mod tests;

use std::{future::Future, sync::Arc};

use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;
use wire::{Domain, bus::Bus};

pub use running::Running;
pub use status::{LastError, Monitor, WorkerStatus};
pub use task::{Worker, WorkerError};

use crate::{Database, database::DatabaseError, idempotency, inbox, outbox::Relay};

/// A named set of workers, not started yet.
#[derive(Default)]
pub struct Workers {
    workers: Vec<Box<dyn Worker>>,
    monitor: Monitor,
}

impl Workers {
    /// None yet, of whoever is called so.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { workers: Vec::new(), monitor: Monitor::of(name) }
    }

    /// What every domain has: the relay of its outbox, and the forgetting of its inbox and of its idempotency keys.
    #[must_use]
    pub fn of(domain: Domain, database: &Database, bus: &Arc<dyn Bus>) -> Self {
        Self::new(domain.as_str())
            .with(Relay::new(database.clone(), Arc::clone(bus)))
            .with_forgetting("inbox forgetting", database, inbox::keep_forgetting)
            .with_forgetting("idempotency forgetting", database, idempotency::keep_forgetting)
    }

    /// And this one.
    #[must_use]
    pub fn with(mut self, worker: impl Worker) -> Self {
        self.monitor.add(worker.name());
        self.workers.push(Box::new(worker));
        self
    }

    /// And this one: `run` makes a new run of it at each start, which ends soon after it is told to stop.
    #[must_use]
    pub fn with_task<E, Run>(self, name: &str, run: impl Fn(CancellationToken) -> Run + Send + Sync + 'static) -> Self
    where
        E: Into<WorkerError>,
        Run: Future<Output = Result<(), E>> + Send + 'static,
    {
        self.with(task::Task::new(name, run))
    }

    fn with_forgetting<Run>(
        self,
        name: &str,
        database: &Database,
        keep: impl Fn(Database, CancellationToken) -> Run + Send + Sync + 'static,
    ) -> Self
    where
        Run: Future<Output = ()> + Send + 'static,
    {
        let database = database.clone();
        self.with_task(name, move |stop| keep(database.clone(), stop).map(Ok::<_, DatabaseError>))
    }

    /// Whose they are.
    #[must_use]
    pub fn name(&self) -> &str {
        self.monitor.name()
    }

    /// Tells how they are doing, before, while and after they run.
    #[must_use]
    pub fn monitor(&self) -> Monitor {
        self.monitor.clone()
    }

    /// How each is doing, in the order in which they were added.
    #[must_use]
    pub fn status(&self) -> Vec<WorkerStatus> {
        self.monitor.status()
    }

    /// Starts all of them.
    #[must_use = "they end when this is dropped"]
    pub fn start(self) -> Running {
        let slots = self.monitor.slots();
        Running::start(self.workers.into_iter().zip(slots), self.monitor)
    }
}
