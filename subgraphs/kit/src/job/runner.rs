//! The runner: does the jobs of a database, for as long as it runs.

use std::{sync::Arc, time::Duration};

use futures::future::{BoxFuture, join_all};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    JobConfig, JobHandler, Schedule, attempt::Attempts, forget::keep_forgetting, handler::AnyHandler, kind::Kind,
    leases::Leases,
};
use crate::{
    database::{Database, hear_of_jobs},
    worker::{Worker, WorkerError},
};

/// Does jobs of the kinds that it has handlers for. Any number of runners may run for one database, in any processes; a kind that
/// none of them has a handler for waits.
#[derive(Clone)]
pub struct JobRunner {
    database: Database,
    config: JobConfig,
    handlers: Vec<Arc<dyn AnyHandler>>,
    schedules: Vec<Schedule>,
}

impl JobRunner {
    /// A runner without any handlers.
    #[must_use]
    pub fn new(database: Database, config: JobConfig) -> Self {
        Self { database, config, handlers: Vec::new(), schedules: Vec::new() }
    }

    /// Does the handler's kind of jobs as well; in the place of another one of that kind.
    #[must_use]
    pub fn handler<H: JobHandler>(mut self, handler: H) -> Self {
        self.handlers.retain(|other| other.kind() != H::KIND);
        self.handlers.push(Arc::new(handler));
        self
    }

    /// Has something done again and again.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedules.push(schedule);
        self
    }

    /// Runs until `stop`; then lets the jobs under way come to an end for as long as [`JobConfig::stop_grace_ms`] says, and leaves
    /// the others to other runners. Failures of the database are waited out.
    pub async fn run(self, stop: CancellationToken) {
        let Self { database, config, handlers, schedules } = self;
        let (leases, halt, owner) = (Leases::new(config.lease()), CancellationToken::new(), Uuid::now_v7());
        let kind = |handler| {
            let attempts = Attempts { database: database.clone(), handler, halt: halt.clone() };
            let (attempts, leases, woken) = (Arc::new(attempts), leases.clone(), Arc::default());
            Kind { attempts, config, owner, leases, woken }
        };
        let kinds: Vec<Kind> = handlers.into_iter().map(kind).collect();
        let woken: Vec<(&str, Arc<Notify>)> =
            kinds.iter().map(|kind| (kind.attempts.handler.kind(), Arc::clone(&kind.woken))).collect();
        let heard = move |told: Option<&str>| wake(&woken, told);
        tokio::select! {
            _ended = join_all(kinds.iter().map(|kind| kind.run(&stop))) => {}
            () = hear_of_jobs(&database, heard) => {}
            () = leases.keep(&database) => {}
            _never = join_all(schedules.iter().map(|schedule| schedule.keep(&database))), if !schedules.is_empty() => {}
            () = keep_forgetting(
                &database,
                Duration::from_secs(config.remember_seconds),
                Duration::from_secs(config.remember_failed_seconds),
            ) => {}
        }
    }
}

impl Worker for JobRunner {
    fn name(&self) -> String {
        "jobs".to_owned()
    }

    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        Box::pin(async {
            self.clone().run(stop).await;
            Ok(())
        })
    }
}

/// What one connection hears is for the kind that it names, or for all.
fn wake(kinds: &[(&str, Arc<Notify>)], told: Option<&str>) {
    let concerned = kinds.iter().filter(|(kind, _)| told.is_none_or(|told| told == *kind));
    concerned.for_each(|(_, woken)| woken.notify_one());
}
