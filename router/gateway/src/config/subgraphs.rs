//! The section `subgraphs`: how subgraphs are called.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SubgraphErrors;

/// How subgraphs are called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Subgraphs {
    /// Milliseconds within which a subgraph has to answer one call; each repeated call gets as many.
    #[schemars(range(min = 1, max = 3_600_000))]
    pub timeout_ms: u64,
    /// Milliseconds within which a connection has to be made.
    #[schemars(range(min = 1, max = 60_000))]
    pub connect_timeout_ms: u64,
    /// Bytes of one answer, after decoding. What lies beyond is never read.
    #[schemars(range(min = 1, max = 4_000_000_000_u64))]
    pub response_bytes_max: usize,
    /// Idle connections kept a subgraph. As many are made as there are calls at the same time: those that aren't kept after
    /// a burst are made again in the next.
    #[schemars(range(min = 0, max = 10_000))]
    pub idle_connections_max: usize,
    /// Milliseconds that a connection may rest. It has to be less than a subgraph lets one rest, or calls meet
    /// connections that are just being closed: Node's servers close them after five seconds, others later.
    #[schemars(range(min = 1, max = 3_600_000))]
    pub idle_timeout_ms: u64,
    /// Which version of HTTP is spoken.
    pub http2: Http2,
    /// Whether subgraphs are asked to compress their answers (zstd, br, gzip or deflate): worth their time and ours where
    /// the way to them is long. What comes compressed is decoded in any case.
    pub compressed_answers: bool,
    /// Representations sent in one `_entities` call; more are sent in several calls.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub batch_max: usize,
    /// How the operations are called that subgraphs are sent, for their logs and traces.
    pub operation_names: OperationNames,
    /// Whether identical queries that are under way at the same time are sent once. Identical are those whose body,
    /// identity and all forwarded headers are equal. Names of operations don't count: what subgraphs log is then the name
    /// of the first.
    pub share_calls: bool,
    /// Calls that are repeated because they failed in passing: no connection, or status 429, 502, 503 or 504. Mutations never are.
    pub retry: Retry,
    /// Subgraphs that fail most calls are left alone for a while; one call at a time asks whether they are well again.
    pub circuit: Circuit,
    /// Settings of single subgraphs, by name.
    pub by_name: IndexMap<String, Subgraph>,
}

impl Default for Subgraphs {
    fn default() -> Self {
        Self {
            timeout_ms: 10_000,
            connect_timeout_ms: 2_000,
            response_bytes_max: 64_000_000,
            idle_connections_max: 1_000,
            idle_timeout_ms: 4_000,
            http2: Http2::default(),
            compressed_answers: false,
            batch_max: 5_000,
            operation_names: OperationNames::default(),
            share_calls: false,
            retry: Retry::default(),
            circuit: Circuit::default(),
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
    /// Which version of HTTP is spoken; in place of the common value.
    pub http2: Option<Http2>,
    /// Whether it is asked to compress its answers; in place of the common value.
    pub compressed_answers: Option<bool>,
    /// How the operations are called that it is sent; in place of the common value.
    pub operation_names: Option<OperationNames>,
    /// How often a call may be repeated; in place of the common `retry.attempts_max`.
    #[schemars(range(min = 0, max = 10))]
    pub retries_max: Option<u32>,
    /// What clients are told of its faults; in place of what `errors` says.
    pub errors: SubgraphErrors,
    /// Names of request headers that travel on to it, besides the common ones.
    pub forward_headers: Vec<String>,
    /// Headers with values of their own that it is sent, besides the common ones or in their place.
    pub set_headers: IndexMap<String, String>,
}

/// Which version of HTTP is spoken with a subgraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Http2 {
    /// HTTP/2 where TLS agrees on it, else HTTP/1.1.
    #[default]
    Negotiated,
    /// HTTP/2 at once, also without TLS.
    PriorKnowledge,
}

/// How the operations are called that subgraphs are sent. What comes of a client's operation without a name has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OperationNames {
    /// `Operation__subgraph__0`: the client's name, the subgraph's and a number that tells the requests of one operation
    /// apart. At most 128 bytes; what a GraphQL name can't have becomes an underscore.
    #[default]
    Full,
    /// As the client called its operation: for logs that are grouped by it. At most 128 bytes.
    Client,
    /// Not at all: for subgraphs that know operations by their text.
    None,
}

/// Calls that are repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retry {
    /// How often one call may be repeated; 0 repeats none.
    #[schemars(range(min = 0, max = 10))]
    pub attempts_max: u32,
    /// Milliseconds before the first repetition. Each further one waits twice as long, and up to half as long again by
    /// chance, so that not all callers come back at once.
    #[schemars(range(min = 0, max = 60_000))]
    pub backoff_min_ms: u64,
    /// Milliseconds that a repetition waits at most.
    #[schemars(range(min = 1, max = 60_000))]
    pub backoff_max_ms: u64,
    /// Repetitions among a hundred calls of one subgraph in the last ten seconds: a subgraph in trouble must not get
    /// a multiple of its calls.
    #[schemars(range(min = 0, max = 1_000))]
    pub budget_percent: u32,
    /// Repetitions a second that are always allowed, however few calls there are.
    #[schemars(range(min = 0, max = 10_000))]
    pub budget_min_per_s: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts_max: 2, backoff_min_ms: 20, backoff_max_ms: 500, budget_percent: 20, budget_min_per_s: 10 }
    }
}

/// Subgraphs that are left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Circuit {
    /// Whether they ever are.
    pub enabled: bool,
    /// Failures among a hundred calls of the last moments: no connection, slow, malformed, or status 429 or 5xx.
    /// Errors in a GraphQL response are none.
    #[schemars(range(min = 1, max = 100))]
    pub failures_percent: u32,
    /// Calls in the last moments below which nothing is concluded.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub calls_min: u32,
    /// Milliseconds that the last moments take.
    #[schemars(range(min = 100, max = 600_000))]
    pub window_ms: u64,
    /// Milliseconds after which a call counts as failed while it still waits for its answer, which it may yet get: so a
    /// subgraph that hangs is left alone long before its time limits are over. Unset, half of the subgraph's time limit.
    #[schemars(range(min = 1, max = 3_600_000))]
    pub slow_ms: Option<u64>,
    /// Milliseconds that a subgraph is left alone.
    #[schemars(range(min = 1, max = 600_000))]
    pub open_ms: u64,
}

impl Default for Circuit {
    fn default() -> Self {
        // All calls failing is seen within a second, half of them within two.
        Self { enabled: true, failures_percent: 50, calls_min: 10, window_ms: 2_000, slow_ms: None, open_ms: 2_000 }
    }
}
