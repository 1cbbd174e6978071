//! What is exported, and where to.

use serde::Deserialize;
use url::Url;

/// The section `telemetry.traces` of the services' file. What it leaves out the environment's `OTEL_` variables may say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TracesConfig {
    /// Where the collector takes OTLP over HTTP: `http://collector:4318`. Spans go to `v1/traces` there.
    pub endpoint: Option<Url>,
    /// Which part of all traces is kept, from 0 to 1, of those that whoever calls us keeps. A trace is kept by all services or by
    /// none, as long as they name the same part.
    pub sample_ratio: f64,
    /// Spans that wait to be exported; further ones are lost.
    pub queue_max: usize,
    /// How long the collector may take for a batch, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for TracesConfig {
    /// All traces: who exports them at first wants to see something. 2,048 spans and 10 s: the protocol's own defaults; that many
    /// spans hold about 2 MB.
    fn default() -> Self {
        Self { endpoint: None, sample_ratio: 1.0, queue_max: 2_048, timeout_ms: 10_000 }
    }
}
