//! The bounds of runners and of kinds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A runner's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobConfig {
    /// How long a job whose runner is gone is left alone, in milliseconds. Leases are renewed three times as often.
    pub lease_ms: u64,
    /// How often it looks for jobs without being woken, in milliseconds.
    pub poll_ms: u64,
    /// How long looks begin after one another at least, in milliseconds.
    pub looks_apart_ms: u64,
    /// How long jobs may go on when the runner is to stop, in milliseconds; then they are left for another.
    pub stop_grace_ms: u64,
    /// Seconds for which jobs are remembered that are done or cancelled.
    pub remember_seconds: u64,
    /// Seconds for which failed ones are.
    pub remember_failed_seconds: u64,
}

impl Default for JobConfig {
    /// 10 s: so long waits what a killed worker had in hand. Two renewals in a row may fail or take 3 s, which the restart of a
    /// database takes, and none waits for a connection of the pool: while they did, a worker that had too much to do lost leases of 6 s
    /// in the midst of jobs, which were begun again and again, so that hardly one was ever done. 1 s: how late a job is whose
    /// notification was lost. 5 ms: every commit with a job of its kind wakes it, and a look costs as much as a small query. 10 s: less than
    /// the 30 s after which Kubernetes kills. 30 days: an event that wants the same again may come for as long as the inbox remembers it.
    /// 90 days: someone should have looked.
    fn default() -> Self {
        Self {
            lease_ms: 10_000,
            poll_ms: 1_000,
            looks_apart_ms: 5,
            stop_grace_ms: 10_000,
            remember_seconds: 30 * 24 * 60 * 60,
            remember_failed_seconds: 90 * 24 * 60 * 60,
        }
    }
}

/// The bounds of a kind of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobLimits {
    /// Jobs that one runner works on at once.
    pub at_once: usize,
    /// How often a job is tried before it is given up.
    pub attempts_max: u32,
    /// The wait after the first failed attempt, in milliseconds; it doubles with each.
    pub retry_first_ms: u64,
    /// The longest wait, in milliseconds.
    pub retry_longest_ms: u64,
    /// How long one attempt may take, in milliseconds.
    pub attempt_timeout_ms: u64,
}

impl Default for JobLimits {
    /// 4 at once: kinds have room of their own, and who is asked outside isn't to be flooded. 10 attempts that begin 1 s apart
    /// and end 4 minutes apart: 4 to 9 minutes in all, which most outages of others take. 10 minutes an attempt: what takes
    /// longer says so.
    fn default() -> Self {
        Self {
            at_once: 4,
            attempts_max: 10,
            retry_first_ms: 1_000,
            retry_longest_ms: 240_000,
            attempt_timeout_ms: 600_000,
        }
    }
}

impl JobConfig {
    pub(super) fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }
}

impl JobLimits {
    /// How long to wait after so many failed attempts.
    pub(super) fn retry_after(&self, attempts: u32) -> Duration {
        let (first, longest) =
            (Duration::from_millis(self.retry_first_ms), Duration::from_millis(self.retry_longest_ms));
        crate::outage::back_off(attempts, first, longest)
    }
}
