//! What was seen at one look, and writing all of it.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
    sync::Arc,
};

use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};

use super::{
    Instruments,
    catalogue::{self, Kind, Metric},
    instruments::{FamilyOf, Labels, labels},
};
use crate::cache::{CacheCounts, SharedCounts};

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Whole(u64),
    Seconds(f64),
}

/// Figures by metric and labels. What is told twice under one name adds up, as the pools of two databases that are called alike do.
#[derive(Clone, Debug, Default)]
pub(super) struct Page(BTreeMap<&'static str, BTreeMap<Labels, Value>>);

/// A page on which a service is written about.
pub(super) struct OfService<'a> {
    page: &'a mut Page,
    service: &'a Arc<str>,
}

impl Page {
    pub(super) fn of<'a>(&'a mut self, service: &'a Arc<str>) -> OfService<'a> {
        OfService { page: self, service }
    }

    /// This one's figures beside another's.
    pub(super) fn with(mut self, other: &Self) -> Self {
        for (name, series) in &other.0 {
            for (labels, &value) in series {
                self.add(name, labels.clone(), value);
            }
        }
        self
    }

    fn add(&mut self, name: &'static str, labels: Labels, value: Value) {
        match self.0.entry(name).or_default().entry(labels) {
            Entry::Vacant(entry) => drop(entry.insert(value)),
            Entry::Occupied(mut entry) => entry.get_mut().add(value),
        }
    }

    /// Writes all metrics in the catalogue's order: figures of this page, and what was counted.
    pub(super) fn encode(&self, instruments: &Instruments, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let families = instruments.families();
        for metric in &catalogue::ALL {
            let family = families.iter().find(|(of, _)| of.name == metric.name);
            let series = self.0.get(metric.name);
            if family.is_none() && series.is_none() {
                continue;
            }
            let unit = metric.unit();
            let kind = metric.kind.metric_type();
            let mut encoder = encoder.encode_descriptor(metric.name, metric.help, unit.as_ref(), kind)?;
            for (labels, value) in series.into_iter().flatten() {
                value.encode(metric.kind, encoder.encode_family(labels)?)?;
            }
            if let Some((_, family)) = family {
                family.encode(encoder)?;
            }
        }
        Ok(())
    }
}

impl OfService<'_> {
    /// Tells a number, under the labels behind `service`.
    pub(super) fn whole(&mut self, metric: &Metric, values: &[&str], value: u64) {
        self.add(metric, values, Value::Whole(value));
    }

    /// Tells a number of seconds.
    pub(super) fn seconds(&mut self, metric: &Metric, values: &[&str], value: f64) {
        self.add(metric, values, Value::Seconds(value));
    }

    fn add(&mut self, metric: &Metric, values: &[&str], value: Value) {
        let values: Vec<Arc<str>> = values.iter().map(|&value| value.into()).collect();
        let values: Vec<&Arc<str>> = std::iter::once(self.service).chain(&values).collect();
        self.page.add(metric.name, labels(metric, &values), value);
    }

    pub(super) fn cache(&mut self, name: &str, counts: &CacheCounts) {
        let CacheCounts { hits, joined, shared_hits, loaded, loads, load_failures, evictions, changes, .. } = *counts;
        for (result, keys) in [("hit", hits), ("joined", joined), ("shared_hit", shared_hits), ("loaded", loaded)] {
            self.whole(&catalogue::CACHE_LOOKUPS, &[name, result], keys);
        }
        self.whole(&catalogue::CACHE_LOADS, &[name], loads);
        self.whole(&catalogue::CACHE_LOAD_FAILURES, &[name], load_failures);
        self.whole(&catalogue::CACHE_EVICTIONS, &[name], evictions);
        self.whole(&catalogue::CACHE_CHANGES, &[name], changes);
    }

    pub(super) fn shared_tier(&mut self, counts: &SharedCounts) {
        let SharedCounts { answered, failed, skipped } = *counts;
        for (outcome, calls) in [("answered", answered), ("failed", failed), ("skipped", skipped)] {
            self.whole(&catalogue::CACHE_SHARED_CALLS, &[outcome], calls);
        }
    }
}

impl Value {
    fn add(&mut self, other: Self) {
        *self = match (*self, other) {
            (Self::Whole(a), Self::Whole(b)) => Self::Whole(a.saturating_add(b)),
            (Self::Seconds(a), Self::Seconds(b)) => Self::Seconds(a.max(b)),
            (one, _) => one,
        };
    }

    fn encode(self, kind: Kind, encoder: MetricEncoder<'_>) -> fmt::Result {
        match (self, kind) {
            (Self::Whole(value), Kind::Counter) => ConstCounter::new(value).encode(encoder),
            (Self::Whole(value), _) => ConstGauge::new(value).encode(encoder),
            (Self::Seconds(value), _) => ConstGauge::new(value).encode(encoder),
        }
    }
}

impl FamilyOf<'_> {
    fn encode(&self, encoder: MetricEncoder<'_>) -> fmt::Result {
        match self {
            Self::Counters(family) => family.encode(encoder),
            Self::Gauges(family) => family.encode(encoder),
            Self::Histograms(family) => family.encode(encoder),
        }
    }
}
