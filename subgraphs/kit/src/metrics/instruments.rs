//! What counts where things happen.

use std::sync::Arc;

use prometheus_client::metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram};

use super::{
    catalogue::{self, Metric},
    watched::{Groups, Sources},
};

/// Upper bounds of durations in seconds: those that the conventions advise, with two finer ones below and two longer ones above, since
/// what waits in an outbox waits for minutes.
const BUCKETS: [f64; 18] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 60.0, 600.0];

/// A series' labels, in the order of [`Metric::labels`].
pub(super) type Labels = Vec<(&'static str, Arc<str>)>;

pub(super) type Histograms = Family<Labels, Histogram, fn() -> Histogram>;

/// Counters and histograms of all services of a process.
pub(crate) struct Instruments {
    pub(super) outbox_failures: Family<Labels, Counter>,
    pub(super) sent: Family<Labels, Counter>,
    pub(super) consumed: Family<Labels, Counter>,
    pub(super) attempts: Family<Labels, Counter>,
    pub(super) process_duration: Histograms,
    pub(super) process_delay: Histograms,
    pub(super) commands: Family<Labels, Counter>,
    pub(super) job_duration: Histograms,
    pub(super) connection_wait: Histograms,
    pub(super) connections_pending: Family<Labels, Gauge>,
    pub(super) subgraph_duration: Histograms,
    pub(super) scrape_failures: Family<Labels, Counter>,
    /// Whose lag is looked at.
    pub(super) groups: Groups,
    /// Caches, and what else tells its counts itself.
    pub(super) sources: Sources,
}

impl Default for Instruments {
    fn default() -> Self {
        let histograms = || Histograms::new_with_constructor(|| Histogram::new(BUCKETS));
        Self {
            outbox_failures: Family::default(),
            sent: Family::default(),
            consumed: Family::default(),
            attempts: Family::default(),
            process_duration: histograms(),
            process_delay: histograms(),
            commands: Family::default(),
            job_duration: histograms(),
            connection_wait: histograms(),
            connections_pending: Family::default(),
            subgraph_duration: histograms(),
            scrape_failures: Family::default(),
            groups: Groups::default(),
            sources: Sources::default(),
        }
    }
}

/// One family of those above.
pub(super) enum FamilyOf<'a> {
    Counters(&'a Family<Labels, Counter>),
    Gauges(&'a Family<Labels, Gauge>),
    Histograms(&'a Histograms),
}

impl Instruments {
    /// Each with what it is.
    pub(super) fn families(&self) -> [(Metric, FamilyOf<'_>); 12] {
        use FamilyOf::{Counters, Gauges, Histograms};
        [
            (catalogue::OUTBOX_FAILURES, Counters(&self.outbox_failures)),
            (catalogue::SENT, Counters(&self.sent)),
            (catalogue::CONSUMED, Counters(&self.consumed)),
            (catalogue::ATTEMPTS, Counters(&self.attempts)),
            (catalogue::PROCESS_DURATION, Histograms(&self.process_duration)),
            (catalogue::PROCESS_DELAY, Histograms(&self.process_delay)),
            (catalogue::COMMANDS, Counters(&self.commands)),
            (catalogue::JOB_DURATION, Histograms(&self.job_duration)),
            (catalogue::CONNECTION_WAIT, Histograms(&self.connection_wait)),
            (catalogue::CONNECTIONS_PENDING, Gauges(&self.connections_pending)),
            (catalogue::SUBGRAPH_DURATION, Histograms(&self.subgraph_duration)),
            (catalogue::SCRAPE_FAILURES, Counters(&self.scrape_failures)),
        ]
    }
}

/// A metric's labels with these values. Too few values leave the last labels out.
pub(super) fn labels(metric: &Metric, values: &[&Arc<str>]) -> Labels {
    metric.labels.iter().copied().zip(values.iter().map(|&value| Arc::clone(value))).collect()
}
