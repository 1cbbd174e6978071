//! A circuit breaker: a subgraph that fails most calls is left alone for a while, and is asked by one call whether it is
//! well again.
//!
//! Closed: calls pass, and their outcomes are counted over the last moments. Open: none pass. After the rest, one call
//! probes: if it goes well the circuit closes, else it rests again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;

/// When the circuit opens, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Of a hundred calls, the failures at which it opens.
    pub failures_percent: u32,
    /// Calls of the last moments below which it never opens.
    pub calls_min: u32,
    /// How long the last moments are.
    pub window: Duration,
    /// How long it rests.
    pub open: Duration,
}

/// What a call's outcome says of the subgraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// It answered.
    Well,
    /// It failed.
    Failed,
    /// Nothing: the call was at fault, or was given up.
    Unknown,
}

/// What the circuit does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// They pass.
    Closed,
    /// None passes.
    Open,
    /// One has passed, as a probe.
    HalfOpen,
}

/// The circuit of one subgraph.
pub(super) struct Circuit {
    rules: Rules,
    state: Mutex<State>,
    /// Told of each change.
    changed: Box<dyn Fn(Position) + Send + Sync>,
}

struct State {
    phase: Phase,
    window: Window,
}

#[derive(Clone, Copy)]
enum Phase {
    Closed,
    Open { until: Instant },
    Probing,
}

/// A call that may be made. Dropped without an outcome it says nothing.
pub(super) struct Permit {
    circuit: Arc<Circuit>,
    probes: bool,
    health: Health,
}

impl Circuit {
    pub fn new(rules: Rules, changed: Box<dyn Fn(Position) + Send + Sync>) -> Self {
        let state = State { phase: Phase::Closed, window: Window::new(rules.window, Instant::now()) };
        Self { rules, state: Mutex::new(state), changed }
    }

    /// Lets a call pass, or not.
    pub fn admit(self: &Arc<Self>) -> Option<Permit> {
        let mut state = self.state();
        let probes = match state.phase {
            Phase::Closed => false,
            Phase::Open { until } if Instant::now() >= until => {
                self.turn(&mut state, Phase::Probing);
                true
            }
            Phase::Open { .. } | Phase::Probing => return None,
        };
        Some(Permit { circuit: Arc::clone(self), probes, health: Health::Unknown })
    }

    fn record(&self, probes: bool, health: Health) {
        let now = Instant::now();
        let mut state = self.state();
        match (state.phase, health) {
            (Phase::Probing, Health::Well) if probes => {
                state.window = Window::new(self.rules.window, now);
                self.turn(&mut state, Phase::Closed);
            }
            (Phase::Probing, Health::Failed) if probes => {
                self.turn(&mut state, Phase::Open { until: now + self.rules.open });
            }
            // The probe told nothing: the next call is one.
            (Phase::Probing, Health::Unknown) if probes => self.turn(&mut state, Phase::Open { until: now }),
            (Phase::Closed, Health::Well | Health::Failed) => {
                state.window.count(now, health == Health::Failed);
                let (calls, failures) = state.window.totals(now);
                let many = u64::from(failures) * 100 >= u64::from(calls) * u64::from(self.rules.failures_percent);
                if health == Health::Failed && calls >= self.rules.calls_min && many {
                    self.turn(&mut state, Phase::Open { until: now + self.rules.open });
                }
            }
            // What began before the circuit opened says nothing of how it is now.
            _ => {}
        }
    }

    fn turn(&self, state: &mut State, phase: Phase) {
        state.phase = phase;
        (self.changed)(match phase {
            Phase::Closed => Position::Closed,
            Phase::Open { .. } => Position::Open,
            Phase::Probing => Position::HalfOpen,
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// What the call's outcome says of the subgraph.
    pub fn done(mut self, health: Health) {
        self.health = health;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.circuit.record(self.probes, self.health);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::time::advance;

    use super::*;

    const RULES: Rules =
        Rules { failures_percent: 50, calls_min: 10, window: Duration::from_secs(2), open: Duration::from_secs(1) };

    fn circuit() -> Arc<Circuit> {
        Arc::new(Circuit::new(RULES, Box::new(|_| {})))
    }

    fn call(circuit: &Arc<Circuit>, health: Health) -> bool {
        let permit = circuit.admit();
        let passed = permit.is_some();
        permit.into_iter().for_each(|permit| permit.done(health));
        passed
    }

    #[tokio::test(start_paused = true)]
    async fn steady_failure_opens_it_within_two_seconds_of_good_times() {
        let circuit = circuit();
        for _ in 0..600 {
            assert!(call(&circuit, Health::Well));
            advance(Duration::from_millis(50)).await;
        }
        let began = Instant::now();
        while call(&circuit, Health::Failed) {
            advance(Duration::from_millis(50)).await;
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_failures_among_many_calls_leave_it_closed() {
        let circuit = circuit();
        for number in 0..1_000 {
            assert!(call(&circuit, if number % 3 == 0 { Health::Failed } else { Health::Well }));
            advance(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn rare_calls_and_calls_at_fault_never_open_it() {
        let circuit = circuit();
        for _ in 0..100 {
            assert!(call(&circuit, Health::Failed));
            advance(Duration::from_millis(500)).await;
        }
        (0..100).for_each(|_| assert!(call(&circuit, Health::Unknown)));
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_probes_after_the_rest_and_decides() {
        let circuit = circuit();
        while call(&circuit, Health::Failed) {}
        assert!(!call(&circuit, Health::Well));
        advance(RULES.open).await;
        let probe = circuit.admit().expect("a probe");
        assert!(circuit.admit().is_none());
        probe.done(Health::Failed);
        assert!(!call(&circuit, Health::Well));
        advance(RULES.open).await;
        // A probe whose caller has gone tells nothing; the next call probes.
        drop(circuit.admit().expect("another probe"));
        assert!(call(&circuit, Health::Well));
        (0..5).for_each(|_| assert!(call(&circuit, Health::Failed)));
    }

    #[tokio::test(start_paused = true)]
    async fn each_change_is_told() {
        let changes = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&changes);
        let told = move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        };
        let circuit = Arc::new(Circuit::new(RULES, Box::new(told)));
        while call(&circuit, Health::Failed) {}
        advance(RULES.open).await;
        assert!(call(&circuit, Health::Well));
        assert_eq!(changes.load(Ordering::Relaxed), 3);
    }
}
