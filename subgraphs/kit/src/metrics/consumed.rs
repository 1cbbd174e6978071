//! What a consumer counts.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use prometheus_client::metrics::{counter::Counter, histogram::Histogram};
use wire::topic::Topic;

use super::{Instruments, catalogue, instruments::labels};
use crate::consumer::Group;

/// How an attempt at a message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Handled,
    Repeated,
    Passed,
    Retried,
    DeadLettered,
    Lost,
}

impl Outcome {
    const ALL: [Self; 6] = [Self::Handled, Self::Repeated, Self::Passed, Self::Retried, Self::DeadLettered, Self::Lost];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::Repeated => "repeated",
            Self::Passed => "passed",
            Self::Retried => "retried",
            Self::DeadLettered => "dead_lettered",
            Self::Lost => "lost",
        }
    }
}

/// The counters of one consumer, at hand.
pub(crate) struct ConsumerCounts {
    consumed: Counter,
    /// In the order of [`Outcome::ALL`].
    attempts: [Counter; Outcome::ALL.len()],
    duration: Histogram,
    delay: Histogram,
}

impl ConsumerCounts {
    pub(super) fn new(instruments: &Instruments, service: &Arc<str>, topic: &Topic, group: &Group) -> Self {
        let (topic, group): (Arc<str>, Arc<str>) = (topic.to_string().into(), group.name().into());
        let attempts = |outcome: Outcome| {
            let labels = labels(&catalogue::ATTEMPTS, &[service, &group, &topic, &outcome.as_str().into()]);
            instruments.attempts.get_or_create_owned(&labels)
        };
        let labels = labels(&catalogue::CONSUMED, &[service, &group, &topic]);
        Self {
            consumed: instruments.consumed.get_or_create_owned(&labels),
            attempts: Outcome::ALL.map(attempts),
            duration: instruments.process_duration.get_or_create_owned(&labels),
            delay: instruments.process_delay.get_or_create_owned(&labels),
        }
    }

    /// An attempt has ended.
    pub(crate) fn attempt(&self, outcome: Outcome, took: Duration) {
        self.count(outcome);
        self.duration.observe(took.as_secs_f64());
    }

    /// The same, of which it isn't known how long it took.
    pub(crate) fn count(&self, outcome: Outcome) {
        let index = Outcome::ALL.iter().position(|&other| other == outcome);
        if let Some(counter) = index.and_then(|index| self.attempts.get(index)) {
            counter.inc();
        }
    }

    /// A message is done with; when it says of which time it is.
    pub(crate) fn consumed(&self, time: Option<DateTime<Utc>>) {
        self.consumed.inc();
        // Clocks differ: what comes from the future was handled at once.
        if let Some(delay) = time.map(|time| Utc::now().signed_duration_since(time)) {
            self.delay.observe(delay.to_std().unwrap_or_default().as_secs_f64());
        }
    }
}
