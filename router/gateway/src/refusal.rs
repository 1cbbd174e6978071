//! Requests that never run: why, and what the client is told.
//!
//! Everything here is safe to show. The HTTP status is the adapter's business, which knows the media type.

use graphql::RequestError;

/// What kind of fault made the request be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The request isn't a GraphQL request at all.
    Malformed,
    /// The document, its operation or its variables are at fault.
    Operation,
    /// The operation is fine, and answered under 200 by convention: a persisted document that isn't known.
    Convention,
    /// Bad or expired credentials.
    Unauthenticated,
    /// Nothing is served here.
    NotFound,
    /// The method doesn't fit; the methods that would.
    MethodNotAllowed(&'static str),
    /// None of the accepted media types can be served.
    NotAcceptable,
    /// The body didn't arrive in time.
    RequestTimeout,
    /// The body is too large.
    TooLarge,
    /// The body's media type or encoding isn't read here.
    UnsupportedMediaType,
    /// A fault of ours.
    Internal,
    /// Too much is going on.
    Overloaded,
    /// Not answered in time.
    Timeout,
}

/// A request that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of fault.
    pub kind: RefusalKind,
    /// At least one.
    pub errors: Vec<RequestError>,
    /// The trace id under which the log has more: for faults of ours.
    pub trace_id: Option<String>,
}

impl Refusal {
    /// With one error.
    pub fn new(kind: RefusalKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, errors: vec![RequestError::new(code, message)], trace_id: None }
    }

    /// The document, its operation or its variables are at fault.
    pub fn operation(errors: Vec<RequestError>) -> Self {
        Self { kind: RefusalKind::Operation, errors, trace_id: None }
    }

    /// The request isn't a GraphQL request.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Malformed, wire::codes::BAD_REQUEST, message)
    }

    /// A fault of ours: the client learns the trace id, the log has the rest.
    pub fn internal(trace_id: &str) -> Self {
        let mut refusal =
            Self::new(RefusalKind::Internal, wire::codes::INTERNAL_SERVER_ERROR, "Internal error of the router");
        refusal.trace_id = Some(trace_id.to_owned());
        refusal
    }

    /// The first error's code, for logs and metrics.
    pub fn code(&self) -> &'static str {
        self.errors.first().map_or(wire::codes::INTERNAL_SERVER_ERROR, |error| error.code)
    }

    /// The response body: `{"errors":[…]}`, without `data`, since nothing ran.
    pub fn to_body(&self) -> Vec<u8> {
        let errors: Vec<_> = self.errors.iter().map(|error| self.error_to_json(error)).collect();
        serde_json::json!({ "errors": errors }).to_string().into_bytes()
    }

    fn error_to_json(&self, error: &RequestError) -> serde_json::Value {
        let mut extensions = serde_json::json!({ "code": error.code });
        if let (Some(trace_id), Some(extensions)) = (&self.trace_id, extensions.as_object_mut()) {
            extensions.insert("traceId".into(), trace_id.as_str().into());
        }
        if error.locations.is_empty() {
            return serde_json::json!({ "message": error.message, "extensions": extensions });
        }
        let locations = error.locations.iter().map(|at| serde_json::json!({ "line": at.line, "column": at.column }));
        let locations: Vec<_> = locations.collect();
        serde_json::json!({ "message": error.message, "locations": locations, "extensions": extensions })
    }
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        Self::operation(vec![error])
    }
}
