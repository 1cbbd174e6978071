//! What is known of each subgraph from the calls before: its circuit, and what may still be repeated. It outlasts a reload
//! that changes neither its rules nor its name, since a subgraph isn't well again because a file was saved.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use federation::SubgraphId;
use prometheus_client::metrics::histogram::Histogram;
use tower::retry::backoff::{ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff as _};
use tower::retry::budget::TpsBudget;
use tower::util::rng::Rng;

use super::circuit::{Circuit, Rules};
use crate::config::{self, Subgraphs};
use crate::telemetry::metrics::Metrics;

/// How long a call adds to the budget of repeated ones.
const BUDGET_TTL: Duration = Duration::from_secs(10);
/// Of a back-off, the share that is random at most.
const JITTER: f64 = 0.5;

/// One a subgraph, by id.
#[derive(Clone)]
pub(crate) struct Guards(Arc<[Arc<Guard>]>);

/// What is known of one subgraph, and the rules that it is called by.
pub(super) struct Guard {
    pub name: String,
    rules: GuardRules,
    /// Attempts beside the first.
    pub retries_max: u32,
    pub backoff: Option<ExponentialBackoff<Random>>,
    pub budget: TpsBudget,
    pub circuit: Option<Arc<Circuit>>,
    /// Where calls are counted that are answered, from the first one on.
    pub answered: OnceLock<Option<Histogram>>,
    /// When a call that still waits counts as failed.
    pub slow: Duration,
    /// Whether it is in use: before and after, nothing of it is among the metrics.
    serves: Arc<AtomicBool>,
}

/// What a guard is made of.
#[derive(Clone, PartialEq)]
struct GuardRules {
    retry: config::Retry,
    circuit: config::Circuit,
    timeout_ms: u64,
    retries_max: u32,
}

/// Other numbers for each back-off: one that is cloned with its state would let all callers wait for the same time.
#[derive(Clone, Copy)]
pub(super) struct Random;

impl Rng for Random {
    fn next_u64(&mut self) -> u64 {
        fastrand::u64(..)
    }
}

impl Guards {
    /// For subgraphs by id; those that `previous` has alike are taken over. Nothing is told of them before
    /// [`Guards::serve`].
    pub fn new(config: &Subgraphs, names: Vec<String>, metrics: &Arc<Metrics>, previous: Option<&Self>) -> Self {
        let guard = |name: String| {
            let rules = GuardRules::of(&name, config);
            let mut known = previous.into_iter().flat_map(|previous| previous.0.iter());
            let known = known.find(|guard| guard.name == name && guard.rules == rules);
            known.map_or_else(|| Arc::new(Guard::new(name, rules, metrics)), Arc::clone)
        };
        Self(names.into_iter().map(guard).collect())
    }

    /// They are used from now on, in place of `previous`.
    pub fn serve(&self, metrics: &Metrics, previous: Option<&Self>) {
        for old in previous.into_iter().flat_map(|previous| previous.0.iter()) {
            if !self.0.iter().any(|guard| Arc::ptr_eq(guard, old)) {
                old.serves.store(false, Ordering::Release);
                metrics.circuit_ends(&old.name);
            }
        }
        for guard in self.0.iter() {
            let begins = !guard.serves.swap(true, Ordering::AcqRel);
            if begins && guard.circuit.is_some() {
                metrics.circuit_begins(&guard.name);
            }
        }
    }

    /// Of one subgraph.
    pub(super) fn of(&self, subgraph: SubgraphId) -> Option<&Guard> {
        self.0.get(usize::from(subgraph.0)).map(AsRef::as_ref)
    }
}

impl Guard {
    fn new(name: String, rules: GuardRules, metrics: &Arc<Metrics>) -> Self {
        let (retry, circuit) = (&rules.retry, &rules.circuit);
        let maker = ExponentialBackoffMaker::new(
            Duration::from_millis(retry.backoff_min_ms),
            Duration::from_millis(retry.backoff_max_ms.max(retry.backoff_min_ms)),
            JITTER,
            Random,
        );
        let percent = retry.budget_percent.min(1_000) as f32 / 100.0;
        let serves = Arc::new(AtomicBool::new(false));
        let told = {
            let (name, metrics, serves) = (name.clone(), Arc::clone(metrics), Arc::clone(&serves));
            move |position| {
                tracing::warn!(subgraph = name, ?position, "the circuit breaker changes");
                if serves.load(Ordering::Acquire) {
                    metrics.circuit(&name, position);
                }
            }
        };
        Self {
            retries_max: rules.retries_max,
            // A maker refuses a back-off of nothing: then there is none.
            backoff: maker.ok().map(|mut maker| maker.make_backoff()),
            budget: TpsBudget::new(BUDGET_TTL, retry.budget_min_per_s, percent),
            slow: Duration::from_millis(circuit.slow_ms.unwrap_or(rules.timeout_ms.div_ceil(2))),
            circuit: circuit.enabled.then(|| Arc::new(Circuit::new(circuit.into(), Box::new(told)))),
            answered: OnceLock::new(),
            serves,
            rules,
            name,
        }
    }
}

impl GuardRules {
    fn of(name: &str, config: &Subgraphs) -> Self {
        let own = config.by_name.get(name);
        Self {
            retry: config.retry.clone(),
            circuit: config.circuit.clone(),
            timeout_ms: own.and_then(|own| own.timeout_ms).unwrap_or(config.timeout_ms),
            retries_max: own.and_then(|own| own.retries_max).unwrap_or(config.retry.attempts_max),
        }
    }
}

impl From<&config::Circuit> for Rules {
    fn from(circuit: &config::Circuit) -> Self {
        Self {
            failures_percent: circuit.failures_percent,
            calls_min: circuit.calls_min,
            window: Duration::from_millis(circuit.window_ms),
            open: Duration::from_millis(circuit.open_ms),
        }
    }
}
