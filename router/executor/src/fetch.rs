//! The executor's only door: how subgraphs are called, in process or over a network.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use federation::SubgraphId;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use http::HeaderMap;
use tokio_util::sync::CancellationToken;

/// What travels with every subgraph call of one client request. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The signed identity that subgraphs accept, ready to be sent; `None` sends none.
    pub identity: Option<Arc<str>>,
    /// Headers that configuration lets through, `traceparent` included.
    pub headers: Arc<HeaderMap>,
    /// When the client request has to be answered.
    pub deadline: Instant,
    /// Cancelled when the client has gone or the router stops.
    pub cancellation: CancellationToken,
    /// The trace id that logs and internal errors carry.
    pub trace_id: Arc<str>,
    /// What the client's answer gets beside its body.
    pub answer_headers: AnswerHeaders,
}

/// Headers for the client's answer, which fetches gather from those of subgraphs: the same for all clones.
#[derive(Clone, Debug, Default)]
pub struct AnswerHeaders(Arc<Mutex<HeaderMap>>);

impl AnswerHeaders {
    /// Changes what was gathered so far.
    pub fn change(&self, change: impl FnOnce(&mut HeaderMap)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes all that was gathered.
    pub fn take(&self) -> HeaderMap {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One call: the bytes of a GraphQL request in JSON.
#[derive(Clone, Debug)]
pub struct SubgraphRequest {
    /// Who is called.
    pub subgraph: SubgraphId,
    /// The request body: `{"operationName":…,"query":…,"variables":…}`.
    pub body: Bytes,
    /// How many bytes of the body, from the first, are the operation's kind and name: queries that are equal from there ask
    /// the same.
    pub named: usize,
    /// Whether the call may be repeated: queries and entities may, mutations may not.
    pub idempotent: Idempotent,
}

/// Whether a call may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotent {
    /// A query.
    Yes,
    /// A mutation.
    No,
}

/// A stream of response bodies: one for queries and mutations, any number for subscriptions.
pub type Responses = BoxStream<'static, Result<Bytes, FetchError>>;

/// Calls subgraphs. Implementations bound what they read and how long one subgraph may take; the context's deadline and
/// cancellation are the executor's: it drops the call, which must then end.
pub trait Fetch: Send + Sync {
    /// Sends a request. Each item is one whole GraphQL response body in JSON.
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>>;
}

/// Why there is no usable answer. Its text is for logs; clients are told the subgraph's name and [`FetchError::code`].
#[derive(Clone, Debug, thiserror::Error)]
pub enum FetchError {
    /// The call can't be made, whatever the subgraph does.
    #[error("cannot call the subgraph: {0}")]
    NoRoute(String),
    /// It failed too often a moment ago and is left alone for a while.
    #[error("the subgraph failed too often and is not called for a while")]
    CircuitOpen,
    /// No connection, or it broke.
    #[error("cannot reach the subgraph: {0}")]
    Unreachable(String),
    /// Not answered by the deadline.
    #[error("the subgraph did not answer in time")]
    Timeout,
    /// The client has gone, or the router stops.
    #[error("cancelled")]
    Cancelled,
    /// An HTTP status other than success, and no GraphQL response in the body.
    #[error("the subgraph answered HTTP status {status}")]
    Status {
        /// The status code.
        status: u16,
    },
    /// Something other than a GraphQL response.
    #[error("the subgraph's answer is malformed: {0}")]
    Malformed(String),
    /// More bytes than allowed.
    #[error("the subgraph's answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
}

impl FetchError {
    /// The `extensions.code` that clients see.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRoute(_) => "SUBREQUEST_NOT_CONFIGURED",
            Self::CircuitOpen => "SUBREQUEST_CIRCUIT_OPEN",
            Self::Unreachable(_) => "SUBREQUEST_UNREACHABLE",
            Self::Timeout => "SUBREQUEST_TIMEOUT",
            Self::Cancelled => "SUBREQUEST_CANCELLED",
            Self::Status { .. } => "SUBREQUEST_HTTP_ERROR",
            Self::Malformed(_) => "SUBREQUEST_MALFORMED_RESPONSE",
            Self::TooLarge { .. } => "SUBREQUEST_TOO_LARGE",
        }
    }
}
