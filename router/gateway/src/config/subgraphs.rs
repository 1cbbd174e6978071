//! The section `subgraphs`: how subgraphs are called.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How subgraphs are called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Subgraphs {
    /// Milliseconds within which a subgraph has to answer one call.
    #[schemars(range(min = 1, max = 3_600_000))]
    pub timeout_ms: u64,
    /// Milliseconds within which a connection has to be made.
    #[schemars(range(min = 1, max = 60_000))]
    pub connect_timeout_ms: u64,
    /// Bytes of one answer, after decoding. What lies beyond is never read.
    #[schemars(range(min = 1, max = 4_000_000_000_u64))]
    pub response_bytes_max: usize,
    /// Idle connections kept a subgraph.
    #[schemars(range(min = 0, max = 10_000))]
    pub idle_connections_max: usize,
    /// Representations sent in one `_entities` call; more are sent in several calls.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub batch_max: usize,
    /// Settings of single subgraphs, by name.
    pub by_name: IndexMap<String, Subgraph>,
}

impl Default for Subgraphs {
    fn default() -> Self {
        Self {
            timeout_ms: 10_000,
            connect_timeout_ms: 2_000,
            response_bytes_max: 64_000_000,
            idle_connections_max: 64,
            batch_max: 5_000,
            by_name: IndexMap::new(),
        }
    }
}

/// Settings of one subgraph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Subgraph {
    /// Where it is served; in place of the supergraph's own URL.
    pub url: Option<String>,
    /// Milliseconds within which it has to answer one call; in place of the common value.
    #[schemars(range(min = 1, max = 3_600_000))]
    pub timeout_ms: Option<u64>,
    /// Names of request headers that travel on to it, besides the common ones.
    pub forward_headers: Vec<String>,
}
