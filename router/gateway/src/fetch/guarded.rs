//! Calls made with care: repeated where that is safe and not too often, and not made at all while a subgraph's circuit is
//! open.

use std::sync::Arc;
use std::time::{Duration, Instant};

use executor::fetch::Idempotent;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::timeout;
use tower::retry::backoff::Backoff as _;
use tower::retry::budget::Budget as _;

use super::circuit::{Health, Permit};
use super::guards::{Guard, Guards};
use crate::telemetry::metrics::Metrics;

/// A fetch with retries and circuit breakers; each attempt is measured.
pub(super) struct GuardedFetch {
    inner: Arc<dyn Fetch>,
    metrics: Arc<Metrics>,
    guards: Guards,
}

impl GuardedFetch {
    pub fn new(inner: Arc<dyn Fetch>, guards: Guards, metrics: Arc<Metrics>) -> Self {
        Self { inner, metrics, guards }
    }

    async fn call(&self, request: SubgraphRequest, context: &RequestContext) -> Result<Responses, FetchError> {
        let Some(guard) = self.guards.of(request.subgraph) else {
            return Err(FetchError::NoRoute("there is no such subgraph".to_owned()));
        };
        guard.budget.deposit();
        let mut backoff = guard.backoff.clone();
        let mut retries = if request.idempotent == Idempotent::Yes { guard.retries_max } else { 0 };
        loop {
            let answer = self.attempt(guard, request.clone(), context).await;
            let Err(error) = &answer else { return answer };
            if retries == 0 || !is_passing(error) || !guard.budget.withdraw() {
                return answer;
            }
            retries -= 1;
            self.metrics.retried(&guard.name);
            tracing::debug!(subgraph = guard.name, code = error.code(), "the call is repeated: {error}");
            if let Some(backoff) = &mut backoff {
                backoff.next_backoff().await;
            }
        }
    }

    async fn attempt(
        &self,
        guard: &Guard,
        request: SubgraphRequest,
        context: &RequestContext,
    ) -> Result<Responses, FetchError> {
        let permit = match &guard.circuit {
            Some(circuit) => Some(circuit.admit().ok_or(FetchError::CircuitOpen)?),
            None => None,
        };
        let start = Instant::now();
        let answer = watched(self.inner.fetch(request, context), permit, guard.slow).await;
        let took = start.elapsed();
        match &answer {
            Ok(_) => {
                let answered = guard.answered.get_or_init(|| self.metrics.answered_calls(&guard.name));
                answered.iter().for_each(|answered| answered.observe(took.as_secs_f64()));
            }
            Err(error) => self.metrics.failed_call(&guard.name, error.code(), took),
        }
        answer
    }
}

/// Waits for a call, and tells the circuit of it as soon as its outcome is known: one that is slow is a failure at once,
/// whatever becomes of it.
async fn watched(
    mut call: BoxFuture<'_, Result<Responses, FetchError>>,
    permit: Option<Permit>,
    slow: Duration,
) -> Result<Responses, FetchError> {
    let Some(permit) = permit else { return call.await };
    match timeout(slow, &mut call).await {
        Ok(answer) => {
            permit.done(answer.as_ref().err().map_or(Health::Well, health));
            answer
        }
        Err(_) => {
            permit.done(Health::Failed);
            call.await
        }
    }
}

impl Fetch for GuardedFetch {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        self.call(request, context).boxed()
    }
}

/// Whether the fault may be gone a moment later. One that took all of the time is not repeated: there is none left, and
/// whoever is too slow is not helped by more calls.
fn is_passing(error: &FetchError) -> bool {
    matches!(error, FetchError::Unreachable(_) | FetchError::Status { status: 429 | 502..=504 })
}

/// What a fault says of the subgraph.
fn health(error: &FetchError) -> Health {
    match error {
        FetchError::Unreachable(_) | FetchError::Timeout | FetchError::Malformed(_) => Health::Failed,
        FetchError::Status { status } if *status >= 500 || *status == 429 => Health::Failed,
        FetchError::Status { .. } | FetchError::TooLarge { .. } => Health::Unknown,
        FetchError::Cancelled | FetchError::CircuitOpen | FetchError::NoRoute(_) => Health::Unknown,
    }
}
