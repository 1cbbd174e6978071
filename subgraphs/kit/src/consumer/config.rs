//! A consumer's bounds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How much a consumer takes on, and how long it tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsumerConfig {
    /// Lanes: keys are spread over them, and a message that is tried again holds up its lane alone.
    pub lanes: usize,
    /// Messages being handled at once, each on a connection of the pool.
    pub connections_max: usize,
    /// Messages that it holds, waiting in lanes included.
    pub held_max: usize,
    /// How often a message is tried before it is given up.
    pub attempts_max: u32,
    /// The wait after the first failed attempt, in milliseconds; it doubles with each.
    pub retry_first_ms: u64,
    /// The longest wait, in milliseconds.
    pub retry_longest_ms: u64,
    /// How long one attempt may take, in milliseconds.
    pub attempt_timeout_ms: u64,
}

impl Default for ConsumerConfig {
    /// 16 lanes: that one of them waits holds up a sixteenth of the keys. 4 connections: a service has a pool of 16 and several
    /// consumers. 256 messages held: the lanes have work while more is fetched, and at most 64 MB. 8 attempts that begin 200 ms
    /// apart and end 10 s apart: 12 to 23 seconds, which a restart of another service takes. 30 s an attempt: longer is no
    /// answer to a message, but a job.
    fn default() -> Self {
        Self {
            lanes: 16,
            connections_max: 4,
            held_max: 256,
            attempts_max: 8,
            retry_first_ms: 200,
            retry_longest_ms: 10_000,
            attempt_timeout_ms: 30_000,
        }
    }
}

impl ConsumerConfig {
    /// How long to wait after so many failed attempts.
    pub(super) fn retry_after(&self, attempts: u32) -> Duration {
        let (first, longest) =
            (Duration::from_millis(self.retry_first_ms), Duration::from_millis(self.retry_longest_ms));
        crate::outage::back_off(attempts, first, longest)
    }
}
