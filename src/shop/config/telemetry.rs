//! What services tell of themselves.

use otlp::TracesConfig;
use serde::Deserialize;

/// Metrics and traces.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Metrics of subgraphs and workers; `dev` tells them among its router's.
    pub metrics: MetricsConfig,
    /// Traces of subgraphs, workers and `dev`.
    pub traces: TracesConfig,
}

/// Metrics for Prometheus.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Whether they are served at `/metrics`.
    pub enabled: bool,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self { enabled: true }
    }
}
