//! How many requests are worked on at once, so that a router which is asked too much answers as many as it can.
//!
//! Requests that wait for subgraphs cost little; those that wait for a processor take each other's time and memory. So
//! besides the configured number there is a second bound, found while it runs: [`adapt`](Admission::adapt) looks how long
//! ready work waits until it is run, and lets in fewer while that is too long. Must never refuse the first few, whatever
//! it has seen: a router that refuses all can't find out that it is well again.

mod queueing;

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::sync::Notify;

use crate::config::Limits;

/// Requests for each processor that are let in however long work waits.
const ALWAYS_ADMITTED: usize = 64;

/// What the configuration says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Requests at the same time.
    requests_max: usize,
    /// So long ready work may wait.
    queueing_max: Duration,
}

impl Bounds {
    /// Those of some limits.
    pub fn new(limits: &Limits) -> Self {
        let queueing_max = Duration::from_millis(limits.queueing_ms_max);
        Self { requests_max: limits.concurrent_requests_max, queueing_max }
    }

    /// How many times longer than it may ready work waited, if it did.
    fn excess(self, waited: Duration) -> Option<f64> {
        (waited > self.queueing_max).then(|| waited.as_secs_f64() / self.queueing_max.as_secs_f64())
    }
}

/// The requests that are worked on, and how many may be.
#[derive(Debug)]
pub(crate) struct Admission {
    open: AtomicUsize,
    /// How many may be open, as long as work waits; `usize::MAX` while it doesn't.
    bound: AtomicUsize,
    /// Never below this.
    least: usize,
    /// There are enough requests for some to wait.
    crowded: Notify,
}

impl Admission {
    /// Without requests, for the processors that this process may use.
    pub fn new() -> Self {
        let processors = available_parallelism().map_or(1, NonZero::get);
        Self {
            open: AtomicUsize::new(0),
            bound: AtomicUsize::new(usize::MAX),
            least: ALWAYS_ADMITTED.saturating_mul(processors),
            crowded: Notify::new(),
        }
    }

    /// Whether another request would be refused now.
    pub fn is_full(&self, bounds: Bounds) -> bool {
        self.open.load(Ordering::Relaxed) >= self.most(bounds)
    }

    /// Lets in that many requests, or none of them; to ask for none is no reason to refuse.
    pub fn admit(self: &Arc<Self>, requests: usize, bounds: Bounds) -> Option<Admitted> {
        let open = self.open.fetch_add(requests, Ordering::Relaxed).saturating_add(requests);
        // Gives them back if they aren't let in.
        let admitted = Admitted { admission: Arc::clone(self), requests };
        if requests > 0 && open > self.most(bounds) {
            return None;
        }
        if self.is_crowded(open) {
            self.crowded.notify_one();
        }
        Some(admitted)
    }

    fn most(&self, bounds: Bounds) -> usize {
        self.bound.load(Ordering::Relaxed).min(bounds.requests_max)
    }

    fn is_crowded(&self, open: usize) -> bool {
        open >= self.least
    }

    /// Keeps the bound in step with how long ready work waits, for as long as it is polled.
    pub async fn adapt(&self, bounds: impl Fn() -> Bounds) {
        loop {
            self.crowded.notified().await;
            while self.learn(queueing::standing_delay(bounds().queueing_max).await, bounds()) {}
        }
    }

    /// Sets the bound by how long ready work waited; whether to look again.
    fn learn(&self, waited: Duration, bounds: Bounds) -> bool {
        let open = self.open.load(Ordering::Relaxed);
        let bound = self.bound.load(Ordering::Relaxed).min(bounds.requests_max);
        let next = match bounds.excess(waited) {
            // Who waits for a processor waits for all the others: half as many wait half as long.
            Some(excess) => ((open as f64 / excess) as usize).clamp(self.least, bound.max(self.least)),
            None => bound.saturating_add(bound / 8).saturating_add(1),
        };
        let bounded = next < bounds.requests_max;
        self.bound.store(if bounded { next } else { usize::MAX }, Ordering::Relaxed);
        bounded || self.is_crowded(open)
    }
}

/// Requests that are worked on until this is dropped.
#[derive(Debug)]
pub(crate) struct Admitted {
    admission: Arc<Admission>,
    requests: usize,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.admission.open.fetch_sub(self.requests, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
