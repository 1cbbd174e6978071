//! Workers that run.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Monitor, Worker, WorkerStatus, status::Slot, supervise::supervise};

/// How long workers that were told to stop may take: longer than an attempt at a message, the longest thing that they finish (30 s).
const STOP_WITHIN: Duration = Duration::from_secs(40);

/// A set of workers that run. They end when this is dropped, in the midst of what they do; [`Running::stop`] lets them finish it.
pub struct Running {
    tasks: JoinSet<()>,
    monitor: Monitor,
    stop: DropGuard,
}

impl Running {
    pub(super) fn start(workers: impl Iterator<Item = (Box<dyn Worker>, Slot)>, monitor: Monitor) -> Self {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for (worker, slot) in workers {
            tasks.spawn(supervise(worker, monitor.name().to_owned(), slot, stop.clone()));
        }
        Self { tasks, monitor, stop: stop.drop_guard() }
    }

    /// Whose they are.
    #[must_use]
    pub fn name(&self) -> &str {
        self.monitor.name()
    }

    /// Tells how they are doing, also when they have ended.
    #[must_use]
    pub fn monitor(&self) -> Monitor {
        self.monitor.clone()
    }

    /// How each is doing.
    #[must_use]
    pub fn status(&self) -> Vec<WorkerStatus> {
        self.monitor.status()
    }

    /// Tells all of them to stop and waits until they have: forty seconds at most, in which all that they finish ends by bounds
    /// of its own. Who hasn't by then is broken off, which no transaction minds, and named in the log.
    pub async fn stop(self) {
        self.stop_within(STOP_WITHIN).await;
    }

    /// [`Running::stop`] with another bound.
    pub async fn stop_within(self, limit: Duration) {
        let Self { mut tasks, monitor, stop } = self;
        drop(stop);
        let joining = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(limit, joining).await.is_err() {
            let late = monitor.status().into_iter().filter(|status| !status.has_ended).map(|status| status.name);
            let late: Vec<String> = late.collect();
            tracing::error!(owner = monitor.name(), ?late, "workers that didn't stop are broken off");
            tasks.shutdown().await;
        }
    }
}
