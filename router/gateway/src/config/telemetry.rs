//! The section `telemetry`: logs and metrics.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Logs and metrics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// Prometheus metrics.
    pub metrics: Metrics,
    /// Logs on standard error.
    pub logs: Logs,
}

/// Prometheus metrics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Whether they are collected, and served at `/metrics`.
    #[schemars(extend("x-restart" = true))]
    pub enabled: bool,
    /// Another address and port for `/metrics`, which is then not served to clients. Metrics name the subgraphs, so that
    /// a router whose address anybody reaches should have one.
    #[schemars(with = "Option<String>", extend("format" = "ip-and-port", "x-restart" = true))]
    pub listen: Option<SocketAddr>,
    /// Distinct clients, by name and version, that get labels of their own; further ones are counted as `other`.
    /// Each makes a time series, and clients choose these words freely.
    #[schemars(range(min = 0, max = 10_000), extend("x-restart" = true))]
    pub clients_max: usize,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { enabled: true, listen: None, clients_max: 100 }
    }
}

/// Logs on standard error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Logs {
    /// How lines look.
    #[schemars(extend("x-restart" = true))]
    pub format: LogFormat,
    /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, or a list of directives such as `info,gateway=debug`.
    #[schemars(extend("x-restart" = true))]
    pub filter: String,
}

impl Default for Logs {
    fn default() -> Self {
        Self { format: LogFormat::Auto, filter: "info".into() }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Pretty on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}
