//! Calls made with care: repeated where that is safe and not too often, and not made at all while a subgraph's circuit is
//! open.

use std::sync::Arc;
use std::time::{Duration, Instant};

use executor::fetch::Idempotent;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::timeout;
use tower::retry::backoff::{Backoff as _, ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff as _};
use tower::retry::budget::{Budget as _, TpsBudget};
use tower::util::rng::Rng;

use super::circuit::{Circuit, Health, Permit, Rules};
use crate::config::Subgraphs;
use crate::telemetry::metrics::Metrics;

/// How long a call adds to the budget of repeated ones.
const BUDGET_TTL: Duration = Duration::from_secs(10);
/// Of a back-off, the share that is random at most.
const JITTER: f64 = 0.5;

/// A fetch with retries and circuit breakers; each attempt is measured.
pub(super) struct GuardedFetch {
    inner: Arc<dyn Fetch>,
    metrics: Arc<Metrics>,
    /// By subgraph id.
    guards: Vec<Guard>,
}

struct Guard {
    name: String,
    /// Attempts beside the first.
    retries_max: u32,
    backoff: Option<ExponentialBackoff<Random>>,
    budget: TpsBudget,
    circuit: Option<Arc<Circuit>>,
    /// When a call that still waits counts as failed.
    slow: Duration,
}

/// Other numbers for each back-off: one that is cloned with its state would let all callers wait for the same time.
#[derive(Clone, Copy)]
struct Random;

impl Rng for Random {
    fn next_u64(&mut self) -> u64 {
        fastrand::u64(..)
    }
}

impl GuardedFetch {
    pub fn new(inner: Arc<dyn Fetch>, config: &Subgraphs, names: Vec<String>, metrics: &Arc<Metrics>) -> Self {
        let guards = names.into_iter().map(|name| Guard::new(name, config, metrics)).collect();
        Self { inner, metrics: Arc::clone(metrics), guards }
    }

    async fn call(&self, request: SubgraphRequest, context: &RequestContext) -> Result<Responses, FetchError> {
        let Some(guard) = self.guards.get(usize::from(request.subgraph.0)) else {
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
        let outcome = answer.as_ref().err().map_or("ok", FetchError::code);
        self.metrics.called(&guard.name, outcome, start.elapsed());
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

impl Guard {
    fn new(name: String, config: &Subgraphs, metrics: &Arc<Metrics>) -> Self {
        let (retry, circuit) = (&config.retry, &config.circuit);
        let own = config.by_name.get(&name);
        let timeout_ms = own.and_then(|own| own.timeout_ms).unwrap_or(config.timeout_ms);
        let maker = ExponentialBackoffMaker::new(
            Duration::from_millis(retry.backoff_min_ms),
            Duration::from_millis(retry.backoff_max_ms.max(retry.backoff_min_ms)),
            JITTER,
            Random,
        );
        let percent = retry.budget_percent.min(1_000) as f32 / 100.0;
        let rules = Rules {
            failures_percent: circuit.failures_percent,
            calls_min: circuit.calls_min,
            window: Duration::from_millis(circuit.window_ms),
            open: Duration::from_millis(circuit.open_ms),
        };
        if circuit.enabled {
            metrics.circuit_begins(&name);
        }
        let told = {
            let (name, metrics) = (name.clone(), Arc::clone(metrics));
            move |position| {
                tracing::warn!(subgraph = name, ?position, "the circuit breaker changes");
                metrics.circuit(&name, position);
            }
        };
        Self {
            retries_max: own.and_then(|own| own.retries_max).unwrap_or(retry.attempts_max),
            // A maker refuses a back-off of nothing: then there is none.
            backoff: maker.ok().map(|mut maker| maker.make_backoff()),
            budget: TpsBudget::new(BUDGET_TTL, retry.budget_min_per_s, percent),
            slow: Duration::from_millis(circuit.slow_ms.unwrap_or(timeout_ms.div_ceil(2))),
            circuit: circuit.enabled.then(|| Arc::new(Circuit::new(rules, Box::new(told)))),
            name,
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
