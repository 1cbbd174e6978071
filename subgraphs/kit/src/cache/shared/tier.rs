//! The shared tier as this process uses it: each call bounded in time, none while it doesn't answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::future::BoxFuture;

use super::{SharedCache, SharedError, circuit::Circuit};

/// How long a call may take: a hundred times what one takes, and no more than a reader can lose now and then.
pub const SHARED_TIMEOUT: Duration = Duration::from_millis(100);

/// A process's way to the shared tier; cheap to clone, one for all caches of a process.
#[derive(Clone)]
pub struct SharedTier {
    cache: Arc<dyn SharedCache>,
    timeout: Duration,
    circuit: Circuit,
    counts: Arc<[AtomicU64; 3]>,
    /// What tells this process's leases from others'.
    pub(super) process: u64,
}

/// Calls of the tier since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedCounts {
    /// Calls that were answered.
    pub answered: u64,
    /// Calls that failed, or took too long.
    pub failed: u64,
    /// Calls that weren't made, since the tier is left alone.
    pub skipped: u64,
}

impl SharedTier {
    /// A way to `cache` on which a call takes at most `timeout`; [`SHARED_TIMEOUT`] where nothing speaks for another one.
    #[must_use]
    pub fn new(cache: Arc<dyn SharedCache>, timeout: Duration) -> Self {
        Self { cache, timeout, circuit: Circuit::default(), counts: Arc::default(), process: fastrand::u64(..) }
    }

    /// Whether it is asked at all now.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.circuit.is_closed()
    }

    /// What was asked of it.
    #[must_use]
    pub fn counts(&self) -> SharedCounts {
        let [answered, failed, skipped] = self.counts.each_ref().map(|count| count.load(Ordering::Relaxed));
        SharedCounts { answered, failed, skipped }
    }

    /// Asks the tier. `None` when it doesn't answer in time, or is left alone.
    pub(crate) async fn call<'a, T, F>(&'a self, ask: F) -> Option<T>
    where
        F: FnOnce(&'a dyn SharedCache) -> BoxFuture<'a, Result<T, SharedError>>,
    {
        let [answered, failed, skipped] = self.counts.as_ref();
        let Some(leave) = self.circuit.leave() else {
            skipped.fetch_add(1, Ordering::Relaxed);
            return None;
        };
        let refused = match tokio::time::timeout(self.timeout, ask(self.cache.as_ref())).await {
            Ok(Ok(answer)) => {
                answered.fetch_add(1, Ordering::Relaxed);
                leave.succeeded();
                return Some(answer);
            }
            Ok(Err(error)) => crate::database::describe(&error),
            Err(_) => format!("no answer within {:?}", self.timeout),
        };
        failed.fetch_add(1, Ordering::Relaxed);
        leave.failed();
        tracing::warn!(reason = refused, used = self.is_available(), "the shared cache failed");
        None
    }
}
