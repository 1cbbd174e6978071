//! The circuit breaker: a service that fails is left alone for a while, rather than asked by everybody in turn.

use std::{future::Future, time::Duration};

use recloser::{AsyncRecloser, Error, Recloser};

use super::{CallError, ClientConfig};

/// Of the attempts that are looked at, the share that must have failed.
const FAILED_SHARE: f32 = 0.5;
/// Attempts that go well before it closes again.
const CLOSES_AFTER: usize = 1;

/// A circuit breaker over the last attempts at one service.
pub(super) struct Breaker(AsyncRecloser);

impl Breaker {
    pub(super) fn new(config: &ClientConfig) -> Self {
        let recloser = Recloser::custom()
            .error_rate(FAILED_SHARE)
            .closed_len(config.breaker_attempts.max(1))
            .half_open_len(CLOSES_AFTER)
            .open_wait(Duration::from_millis(config.breaker_open_ms))
            .build();
        Self(recloser.into())
    }

    /// Makes an attempt, unless the circuit is open, and learns from it. An attempt that is given up teaches nothing: its time
    /// limit must be within.
    pub(super) async fn guard<T>(&self, attempt: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
        let learn = |error: &CallError| error.is_failure();
        self.0.call_with(learn, attempt).await.map_err(|error| match error {
            Error::Inner(error) => error,
            Error::Rejected => CallError::CircuitOpen,
        })
    }
}
