//! What goes on and on by itself meets failures: how long it waits before it tries again, and what it says of them.
//!
//! One line when an outage begins and one when it ends, however many attempts lie between: a log that repeats itself hides
//! everything else.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use crate::database::describe;

/// The first wait: a restart of a connection takes about as long.
const FIRST: Duration = Duration::from_millis(100);
/// The longest: how late an outage's end may be noticed.
const LONGEST: Duration = Duration::from_secs(5);

/// Whether something that should work does.
#[derive(Debug)]
pub(crate) struct Outage {
    what: String,
    since: Option<Instant>,
    failures: u32,
}

impl Outage {
    /// Nothing has failed yet. `what` is what the log says stands still.
    pub(crate) fn none(what: impl Into<String>) -> Self {
        Self { what: what.into(), since: None, failures: 0 }
    }

    /// It failed; how long to wait until the next attempt.
    pub(crate) fn failed(&mut self, error: &dyn Error) -> Duration {
        self.begins(error);
        wait_after(self.failures)
    }

    /// It failed, and how long to wait is known elsewhere.
    pub(crate) fn begins(&mut self, error: &dyn Error) {
        if self.since.is_none() {
            self.since = Some(Instant::now());
            tracing::warn!(what = %self.what, error = %describe(error), "an outage begins");
        }
        self.failures = self.failures.saturating_add(1);
    }

    /// It worked.
    pub(crate) fn ended(&mut self) {
        if let Some(since) = self.since.take() {
            let seconds = since.elapsed().as_secs_f32();
            tracing::info!(what = %self.what, seconds, failures = self.failures, "an outage has ended");
            self.failures = 0;
        }
    }
}

/// How long to wait after so many failures in a row of what should always work.
pub(crate) fn wait_after(failures: u32) -> Duration {
    back_off(failures, FIRST, LONGEST)
}

/// How long to wait after the `failures`-th failure in a row: doubled each time up to the longest, of which a random part up
/// to a half is taken away, so that those who failed together don't come back together.
pub(crate) fn back_off(failures: u32, first: Duration, longest: Duration) -> Duration {
    let doubled = first.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
    doubled.min(longest).mul_f32(1.0 - fastrand::f32() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_and_never_longer_than_the_longest() {
        for (failures, least, most) in
            [(1, 50, 100), (2, 100, 200), (3, 200, 400), (7, 2_500, 5_000), (90, 2_500, 5_000)]
        {
            let wait = back_off(failures, FIRST, LONGEST);
            assert!(
                (Duration::from_millis(least)..=Duration::from_millis(most)).contains(&wait),
                "{failures}: {wait:?}"
            );
        }
    }

    #[test]
    fn begins_anew_after_it_has_ended() {
        let mut outage = Outage::none("a test");
        for _ in 0..20 {
            outage.failed(&std::io::Error::other("no"));
        }
        outage.ended();
        assert!(outage.failed(&std::io::Error::other("no")) <= FIRST);
    }
}
