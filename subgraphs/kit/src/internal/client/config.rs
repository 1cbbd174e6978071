//! A client's bounds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a client waits, and how often it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientConfig {
    /// How long a call may take with all its attempts, unless it says so itself, in milliseconds.
    pub deadline_ms: u64,
    /// How long one attempt may take, in milliseconds.
    pub attempt_timeout_ms: u64,
    /// How long it may take to connect, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Attempts at a call that may be repeated.
    pub attempts_max: u32,
    /// The wait after the first attempt, in milliseconds; it doubles with each.
    pub retry_first_ms: u64,
    /// The longest wait, in milliseconds.
    pub retry_longest_ms: u64,
    /// Bytes of an answer.
    pub answer_bytes_max: usize,
    /// Attempts of which at least half failed when the circuit opens.
    pub breaker_attempts: usize,
    /// How long it stays open, in milliseconds.
    pub breaker_open_ms: u64,
}

impl Default for ClientConfig {
    /// 5 s: somebody waits for whoever asks. 2 s an attempt: two fit. 1 s to connect: services are near. 3 attempts, 50 ms to 1 s
    /// apart: what a rolling restart costs. 1 MiB: answers are about one thing. 10 attempts: one bad second of one caller
    /// doesn't open the circuit. 2 s: a service that is started again isn't left alone much longer.
    fn default() -> Self {
        Self {
            deadline_ms: 5_000,
            attempt_timeout_ms: 2_000,
            connect_timeout_ms: 1_000,
            attempts_max: 3,
            retry_first_ms: 50,
            retry_longest_ms: 1_000,
            answer_bytes_max: 1024 * 1024,
            breaker_attempts: 10,
            breaker_open_ms: 2_000,
        }
    }
}

impl ClientConfig {
    /// How long to wait after so many attempts.
    pub(super) fn retry_after(&self, attempts: u32) -> Duration {
        let (first, longest) =
            (Duration::from_millis(self.retry_first_ms), Duration::from_millis(self.retry_longest_ms));
        crate::outage::back_off(attempts, first, longest)
    }
}
