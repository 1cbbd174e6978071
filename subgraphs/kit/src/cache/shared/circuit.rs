//! When to leave the shared tier alone.
//!
//! A tier that doesn't answer costs each reader its time limit, and one that comes back is met by all of them at once. So after
//! some failures in a row nobody asks for a while; then one does, and what it finds decides for all.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Failures in a row that aren't chance any more.
const FAILURES_MAX: u32 = 3;
/// How long the first pause is: some requests' worth, and a restart of Redis takes about as long.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest pause, reached by doubling: how late a tier that was away for long is used again, at most.
const PAUSE_MAX: Duration = Duration::from_secs(4);

#[derive(Clone, Default)]
pub(super) struct Circuit(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    failures: u32,
    /// Set while the tier is left alone.
    open: Option<Open>,
}

struct Open {
    pause: Duration,
    until: Instant,
    /// Somebody is trying it.
    trying: bool,
}

/// Leave to ask once. Dropped without a verdict, it was none.
pub(super) struct Leave {
    circuit: Circuit,
    trying: bool,
}

impl Circuit {
    /// Leave to ask the tier, unless it is left alone.
    pub fn leave(&self) -> Option<Leave> {
        let mut state = self.state();
        let trying = match &mut state.open {
            None => false,
            Some(open) if open.trying || open.until > Instant::now() => return None,
            Some(open) => {
                open.trying = true;
                true
            }
        };
        drop(state);
        Some(Leave { circuit: self.clone(), trying })
    }

    pub fn is_closed(&self) -> bool {
        self.state().open.is_none()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave {
    pub fn succeeded(mut self) {
        self.trying = false;
        *self.circuit.state() = State::default();
    }

    pub fn failed(mut self) {
        let mut state = self.circuit.state();
        state.failures = state.failures.saturating_add(1);
        let pause = match &state.open {
            Some(open) if self.trying => (open.pause * 2).min(PAUSE_MAX),
            None if state.failures >= FAILURES_MAX => PAUSE,
            // One that began before the circuit opened.
            _ => return,
        };
        state.open = Some(Open { pause, until: Instant::now() + pause, trying: false });
        drop(state);
        self.trying = false;
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if self.trying
            && let Some(open) = &mut self.circuit.state().open
        {
            open.trying = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_of_failures() -> Circuit {
        let circuit = Circuit::default();
        for _ in 0..FAILURES_MAX {
            assert!(circuit.is_closed());
            circuit.leave().unwrap().failed();
        }
        assert!(!circuit.is_closed());
        circuit
    }

    #[tokio::test(start_paused = true)]
    async fn one_tries_after_a_pause_that_grows() {
        let circuit = open_of_failures();
        let mut pause = PAUSE;
        for _ in 0..10 {
            assert!(circuit.leave().is_none());
            tokio::time::advance(pause).await;
            let trying = circuit.leave().unwrap();
            assert!(circuit.leave().is_none(), "one at a time");
            trying.failed();
            pause = (pause * 2).min(PAUSE_MAX);
        }
        tokio::time::advance(pause).await;
        circuit.leave().unwrap().succeeded();
        assert!(circuit.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn who_tries_and_goes_away_leaves_it_to_the_next() {
        let circuit = open_of_failures();
        tokio::time::advance(PAUSE).await;
        drop(circuit.leave().unwrap());
        circuit.leave().unwrap().succeeded();
        assert!(circuit.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn failures_among_successes_are_chance() {
        let circuit = Circuit::default();
        for _ in 0..100 {
            circuit.leave().unwrap().failed();
            circuit.leave().unwrap().failed();
            circuit.leave().unwrap().succeeded();
        }
        assert!(circuit.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn late_failures_of_a_burst_make_the_pause_no_longer() {
        let circuit = Circuit::default();
        let burst: Vec<Leave> = (0..50).map(|_| circuit.leave().unwrap()).collect();
        burst.into_iter().for_each(Leave::failed);
        tokio::time::advance(PAUSE).await;
        assert!(circuit.leave().is_some());
    }
}
