//! The section `http`: how requests and responses travel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How requests and responses travel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Whether responses are compressed (gzip, br, zstd or deflate) for clients that accept it.
    pub compress_responses: bool,
    /// Whether compressed request bodies are read. `limits.body_bytes_max` counts what they decode to.
    pub compressed_requests: bool,
    /// Several operations in one request.
    pub batch: Batch,
    /// Whether identical queries that are being answered at the same time are executed once. Identical are those whose
    /// document, operation, variables, caller and all headers that are forwarded to subgraphs are equal. The trace is that
    /// of the first.
    pub share_requests: bool,
    /// By which rules `application/graphql-response+json` has its statuses.
    pub status_codes: StatusCodes,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            compress_responses: true,
            compressed_requests: true,
            batch: Batch::default(),
            share_requests: false,
            status_codes: StatusCodes::default(),
        }
    }
}

/// Several operations in one request: a POST of a JSON list, answered by a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Batch {
    /// Whether they are served. The limits on operations hold for each of them; the limit on the body for all together.
    pub enabled: bool,
    /// Operations in one request, at most `limits.concurrent_requests_max`. They run at the same time.
    #[schemars(range(min = 1, max = 1_000))]
    pub operations_max: usize,
}

impl Default for Batch {
    fn default() -> Self {
        Self { enabled: false, operations_max: 10 }
    }
}

/// The rules for statuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusCodes {
    /// Those that clients and the audits of servers know: a refused operation is 400 (200 in `application/json`), an executed
    /// one 200.
    #[default]
    Established,
    /// Those of the draft of GraphQL over HTTP (2026): what can be read and not processed is 422, errors beside `data` make
    /// 294, and whatever is no success is told as `application/graphql-response+json`. For proxies and monitors that look
    /// at statuses alone.
    Draft,
}
