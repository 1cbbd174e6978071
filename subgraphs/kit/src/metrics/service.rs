//! What counts for one service.

use std::{
    fmt,
    sync::{Arc, Weak},
    time::Duration,
};

use wire::{bus::Bus, topic::Topic};

use super::{ConsumerCounts, Instruments, PoolTimes, catalogue, instruments::labels};
use crate::{
    Cache,
    cache::{CacheKey, CacheValue},
    consumer::Group,
};

/// A service's metrics; cheap to clone. One that was made by itself counts, and nobody reads it.
#[derive(Clone, Default)]
pub struct ServiceMetrics {
    service: Arc<str>,
    instruments: Arc<Instruments>,
}

impl ServiceMetrics {
    pub(super) fn new(service: &str, instruments: Arc<Instruments>) -> Self {
        Self { service: service.into(), instruments }
    }

    /// Tells of a cache for as long as it lives. `name` is fixed: that of what it keeps.
    pub fn watch_cache<K: CacheKey, V: CacheValue>(&self, name: &'static str, cache: &Cache<K, V>) {
        let counts = cache.watch();
        self.instruments.sources.add(
            Box::new(move |page| {
                let Some(counts) = counts() else { return false };
                page.cache(name, &counts);
                true
            }),
            &self.service,
        );
    }

    /// How a subgraph's request ended, and how long it took.
    pub(crate) fn answered(&self, outcome: &'static str, took: Duration) {
        let labels = labels(&catalogue::SUBGRAPH_DURATION, &[&self.service, &outcome.into()]);
        self.instruments.subgraph_duration.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// A command has come.
    pub(crate) fn command(&self, name: &str, outcome: &'static str) {
        let labels = labels(&catalogue::COMMANDS, &[&self.service, &name.into(), &outcome.into()]);
        self.instruments.commands.get_or_create(&labels).inc();
    }

    /// An attempt at a job has ended.
    pub(crate) fn job_attempt(&self, kind: &str, outcome: &'static str, took: Duration) {
        let labels = labels(&catalogue::JOB_DURATION, &[&self.service, &kind.into(), &outcome.into()]);
        self.instruments.job_duration.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// The bus has taken messages of a topic.
    pub(crate) fn sent(&self, topic: &Topic, messages: usize) {
        let labels = labels(&catalogue::SENT, &[&self.service, &topic.to_string().into()]);
        self.instruments.sent.get_or_create(&labels).inc_by(u64::try_from(messages).unwrap_or(u64::MAX));
    }

    /// A batch of the outbox failed.
    pub(crate) fn publishing_failed(&self) {
        self.instruments.outbox_failures.get_or_create(&labels(&catalogue::OUTBOX_FAILURES, &[&self.service])).inc();
    }

    /// Where a consumer counts. Its group's lag is told as long as the bus lives.
    pub(crate) fn consumer(&self, topic: &Topic, group: &Group, bus: &Arc<dyn Bus>) -> ConsumerCounts {
        let bus: Weak<dyn Bus> = Arc::downgrade(bus);
        self.instruments.groups.add(&self.service, topic, group, bus);
        ConsumerCounts::new(&self.instruments, &self.service, topic, group)
    }

    /// Where a pool's users count how long they wait.
    pub(crate) fn pool(&self, for_what: &str) -> PoolTimes {
        PoolTimes::new(&self.instruments, &self.service, for_what)
    }
}

impl fmt::Debug for ServiceMetrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ServiceMetrics").field("service", &self.service).finish_non_exhaustive()
    }
}
