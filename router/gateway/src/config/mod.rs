//! Configuration: one YAML file, environment over it, flags over both.
//!
//! The types here are the only source: the JSON Schema, the reference page, defaults, bounds and the checking of
//! a file all come from them. Nothing here reads a file or the environment; text and variables are handed in.

pub mod errors;
pub mod finding;
pub mod http;
pub mod identity;
pub mod limits;
pub mod load;
mod located;
mod reference;
mod restart;
mod schema;
pub mod secret;
pub mod server;
pub mod subgraphs;
pub mod telemetry;
mod validate;
pub mod yaml_error;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use errors::{ErrorMessages, Errors, SubgraphErrors, SubgraphNames};
pub use finding::{ConfigError, Place};
pub use http::{Batch, Http, StatusCodes};
pub use identity::{Identity, Jwks, Jwt, JwtAlgorithm};
pub use limits::Limits;
pub use load::{Override, load};
pub use reference::reference_markdown;
pub use restart::keep_until_restart;
pub use schema::json_schema;
pub use secret::{Secret, SecretSource};
pub use server::{ClientHeaders, Cors, Csrf, Defer, Graphiql, Headers, Introspection, QueryPlans, Server};
pub use subgraphs::{Circuit, Http2, OperationNames, Retry, Subgraph, Subgraphs};
pub use telemetry::{LogFormat, Logs, Metrics, Telemetry};

/// The router's configuration. Every key may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the router listens, and how long it waits.
    pub server: Server,
    /// What one request may ask for at most.
    pub limits: Limits,
    /// Which other origins' pages may call the router from a browser.
    pub cors: Cors,
    /// Protection against requests that a foreign page makes in a user's name.
    pub csrf: Csrf,
    /// How requests and responses travel.
    pub http: Http,
    /// Who the caller is, and how subgraphs are told.
    pub identity: Identity,
    /// How subgraphs are called.
    pub subgraphs: Subgraphs,
    /// Which headers all subgraphs are sent.
    pub headers: Headers,
    /// Where a client says its name and version; both stand in logs and metrics.
    pub client_headers: ClientHeaders,
    /// What clients are told of faults.
    pub errors: Errors,
    /// The GraphiQL page at `/`.
    pub graphiql: Graphiql,
    /// Whether clients may read the schema.
    pub introspection: Introspection,
    /// Whether a request may ask how it is answered.
    pub query_plans: QueryPlans,
    /// Responses in parts.
    pub defer: Defer,
    /// Logs and metrics.
    pub telemetry: Telemetry,
    /// Plans kept for operations seen before.
    pub plan_cache: PlanCache,
}

impl Config {
    /// The files that it names and that are read with it: keys and key sets.
    pub fn files(&self) -> Vec<&str> {
        let jwks = self.identity.jwt.jwks.iter().filter_map(|set| set.file.as_deref());
        jwks.chain(self.identity.signing_key.file.as_deref()).collect()
    }
}

/// Plans kept for operations seen before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanCache {
    /// Documents of up to 64 KiB of memory kept, each with its plans; one that takes more has the room of several. So
    /// the default stays within about 128 MiB; most plans take a few kilobytes.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub entries_max: u32,
    /// Plans kept a document: one for each combination of values of the variables in `@skip` and `@include`.
    /// Others are planned each time, so that a client can't fill memory with combinations.
    #[schemars(range(min = 1, max = 1024))]
    pub variants_max: u32,
    /// Documents longer than this, in bytes, are planned each time: one of them must not push out many others' worth of memory.
    #[schemars(range(min = 0, max = 10_000_000))]
    pub document_bytes_max: u32,
    /// Operations that are planned on a new supergraph before it serves: the most used ones.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub warm_up_operations_max: u32,
    /// Milliseconds that this planning may take; the rest is planned when it is asked for.
    #[schemars(range(min = 0, max = 600_000))]
    pub warm_up_ms: u64,
}

impl Default for PlanCache {
    fn default() -> Self {
        Self {
            entries_max: 2048,
            variants_max: 16,
            document_bytes_max: 100_000,
            warm_up_operations_max: 500,
            warm_up_ms: 5_000,
        }
    }
}
