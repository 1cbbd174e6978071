//! Metrics of reloads: how many, which version is served, and why the last one was refused.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Characters kept of a reason: the log has the rest, with its source lines.
const REASON_CHARACTERS_MAX: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reload {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Version {
    version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: String,
}

/// See the module. Version and reason have one series at a time.
#[derive(Default)]
pub(super) struct Reloads {
    reloads: Family<Reload, Counter>,
    version: Family<Version, Gauge>,
    error: Family<Reason, Gauge>,
}

impl Reloads {
    pub fn register(&self, registry: &mut Registry) {
        registry.register("supergraph_reloads", "Reloads by result: applied or refused", self.reloads.clone());
        registry.register("supergraph_version", "The version served, as a hash of its schema", self.version.clone());
        let help = "Why the last reload was refused; absent once one is applied";
        registry.register("supergraph_reload_error", help, self.error.clone());
    }

    pub fn serves(&self, version: u64) {
        self.version.clear();
        self.version.get_or_create(&Version { version: format!("{version:016x}") }).set(1);
    }

    pub fn applied(&self, version: u64) {
        self.reloads.get_or_create(&Reload { result: "applied" }).inc();
        self.error.clear();
        self.serves(version);
    }

    pub fn refused(&self, reason: &str) {
        self.reloads.get_or_create(&Reload { result: "refused" }).inc();
        self.error.clear();
        let first = reason.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let reason = first.chars().take(REASON_CHARACTERS_MAX).collect();
        self.error.get_or_create(&Reason { reason }).set(1);
    }
}
