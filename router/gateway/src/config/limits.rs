//! The section `limits`: what one request may ask for at most.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one request may ask for at most. A request beyond a limit is refused before anything is fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request's body, counted while it arrives.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub body_bytes_max: usize,
    /// Bytes of all request bodies together that are arriving or wait to be read, as they come: a compressed one is
    /// decoded only once all of it is there. A request whose body would take more is refused with status 503.
    #[schemars(range(min = 1, max = 1_000_000_000_000_u64))]
    pub bodies_bytes_max: usize,
    /// Bytes of a document. One string can be long without making many tokens, and what the router takes has to fit
    /// into a subgraph's own limit; large generated operations have some tens of thousands.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub document_bytes_max: usize,
    /// Lexical tokens of a document. Large generated operations have a few thousand.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub tokens_max: usize,
    /// Depth of nested selections, fragments followed. The standard introspection query takes 13.
    #[schemars(range(min = 1, max = 500))]
    pub depth_max: usize,
    /// Aliases, counted where fragments are spread.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub aliases_max: usize,
    /// Bytes of all subgraph answers to one request together, as they are kept until the response is written; an answer
    /// that is too much is a failed one. The default is four of the largest responses.
    #[schemars(range(min = 1_000, max = 4_000_000_000_u64))]
    pub answers_bytes_max: usize,
    /// Fields at the root, counted where fragments are spread.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub root_fields_max: usize,
    /// Fields in all, counted wherever fragments are spread, whatever types they are for: what validation and the planner
    /// may have to look at.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub selections_max: usize,
    /// Requests worked on at the same time; further ones are refused at once with status 503. Fewer are let in while the
    /// processors can't keep up: see `queueing_ms_max`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub concurrent_requests_max: usize,
    /// Fetches that the plan of one operation may have: what one subgraph is asked for the objects at one place, also where
    /// several go in one request. The requests in which many objects are asked for (`subgraphs.batch_max`) count once.
    #[schemars(range(min = 1, max = 100_000))]
    pub fetches_max: usize,
    /// Milliseconds that work which is ready may wait for a processor. Where it waits longer, and that for a tenth of a
    /// second, fewer requests are let in, at least 64 for each processor (or `concurrent_requests_max`), and the others refused at once with status 503: so
    /// a router that is asked too much answers as many as it can, each in time. A request waits several times.
    #[schemars(range(min = 1, max = 60_000))]
    pub queueing_ms_max: u64,
    /// Bytes of a response. A larger one is replaced by an error.
    #[schemars(range(min = 1_000, max = 4_000_000_000_u64))]
    pub response_bytes_max: usize,
    /// Objects, list items and leaves of all subgraph answers together; an object that comes again where all are treated alike
    /// counts once. Besides its text each takes 24 bytes of memory, and 32 with its place in what it stands in; twice that
    /// may be set aside while they become more.
    #[schemars(range(min = 1_000, max = 1_000_000_000))]
    pub nodes_max: usize,
    /// Steps that planning one operation may take; a step is a field or a way into a subgraph looked at. Counted in
    /// steps rather than time, so that an operation is planned alike on every machine: the default is about a second.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub planning_steps_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 2_000_000,
            bodies_bytes_max: 256_000_000,
            document_bytes_max: 200_000,
            tokens_max: 15_000,
            depth_max: 50,
            aliases_max: 200,
            answers_bytes_max: 400_000_000,
            root_fields_max: 100,
            selections_max: 20_000,
            concurrent_requests_max: 2_000,
            fetches_max: 2_000,
            queueing_ms_max: 20,
            response_bytes_max: 100_000_000,
            nodes_max: 10_000_000,
            planning_steps_max: 2_000_000,
        }
    }
}
