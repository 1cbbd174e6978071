//! The job that asks what somebody of ours wants.

use std::sync::Arc;

use futures::future::BoxFuture;
use kit::job::{JobLimits, Leased};
use kit::{Database, JobError, JobHandler};
use serde::{Deserialize, Serialize};
use wire::id::PaymentId;

use super::ask_all;
use crate::provider::PaymentProvider;

/// A payment about which something is to be asked.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Settle {
    /// Which.
    pub payment_id: PaymentId,
}

/// Asks.
pub struct SettleHandler {
    database: Database,
    provider: Arc<dyn PaymentProvider>,
}

impl SettleHandler {
    /// Asks `provider`, about the payments in `database`.
    #[must_use]
    pub fn new(database: Database, provider: Arc<dyn PaymentProvider>) -> Self {
        Self { database, provider }
    }
}

impl JobHandler for SettleHandler {
    type Payload = Settle;
    const KIND: &'static str = "payments.settle";

    fn limits(&self) -> JobLimits {
        limits()
    }

    fn run<'a>(&'a self, job: &'a Leased, payload: Settle) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(ask_all(&self.database, &self.provider, job, payload.payment_id))
    }

    fn gave_up<'a>(
        &'a self,
        _connection: &'a mut diesel_async::AsyncPgConnection,
        _job: &'a Leased,
        payload: Settle,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        // Nobody knows what the provider has done, so nothing can be answered: somebody has to look. Whoever wants the same once more
        // has it tried again, and so does what is wanted of the payment next, a void at the latest.
        tracing::error!(payment = %payload.payment_id, "a payment's outcome is unknown, and its job was given up");
        Box::pin(async { Ok(()) })
    }
}

/// 8 at once: banks take a second or two, and providers take some hundred calls a second. Waits of at most two minutes and 720
/// attempts are a whole day, for which a provider may be away. Five minutes an attempt: several calls, each within its own bound.
pub(super) fn limits() -> JobLimits {
    JobLimits {
        at_once: 8,
        attempts_max: 720,
        retry_first_ms: 500,
        retry_longest_ms: 120_000,
        attempt_timeout_ms: 300_000,
    }
}
