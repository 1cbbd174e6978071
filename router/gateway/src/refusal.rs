//! Requests that never run: why, and what the client is told.
//!
//! Everything here is safe to show. The HTTP status is the adapter's business, which knows the media type.

use graphql::RequestError;
use graphql::json::write_string;

/// What kind of fault made the request be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The request can't be read.
    Malformed,
    /// The request can be read, and its parameters are not those of a GraphQL request.
    Parameters,
    /// The document, its operation or its variables are at fault.
    Operation,
    /// The operation is fine, and answered under 200 by convention: a persisted document that isn't known.
    Convention,
    /// Bad or expired credentials.
    Unauthenticated,
    /// Nothing is served here.
    NotFound,
    /// It is for another host.
    Misdirected,
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

    /// The request can't be read.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Malformed, wire::codes::BAD_REQUEST, message)
    }

    /// The parameters are not those of a GraphQL request.
    pub fn parameters(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Parameters, wire::codes::BAD_REQUEST, message)
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

    /// The response body: `{"errors":[…]}`, without `data`, since nothing ran. Members are in the order in which the
    /// executor writes them.
    pub fn to_body(&self) -> Vec<u8> {
        let mut body = br#"{"errors":["#.to_vec();
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            self.write_error(error, &mut body);
        }
        body.extend_from_slice(b"]}");
        body
    }

    fn write_error(&self, error: &RequestError, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"message":"#);
        write_string(&error.message, out);
        for (index, at) in error.locations.iter().enumerate() {
            let before = if index == 0 { r#","locations":["# } else { "," };
            out.extend_from_slice(format!(r#"{before}{{"line":{},"column":{}}}"#, at.line, at.column).as_bytes());
        }
        if !error.locations.is_empty() {
            out.push(b']');
        }
        out.extend_from_slice(br#","extensions":{"code":"#);
        write_string(error.code, out);
        if let Some(trace_id) = &self.trace_id {
            out.extend_from_slice(br#","traceId":"#);
            write_string(trace_id, out);
        }
        out.extend_from_slice(b"}}");
    }
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        Self::operation(vec![error])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graphql::Location;

    #[test]
    fn bodies_have_message_locations_and_extensions_in_this_order() {
        let errors = vec![
            RequestError::new("A", "say \"a\"").at(Some(Location { line: 1, column: 2 })),
            RequestError::new("B", "b"),
        ];
        let body = Refusal::operation(errors).to_body();
        assert_eq!(
            String::from_utf8(body).unwrap(),
            r#"{"errors":[{"message":"say \"a\"","locations":[{"line":1,"column":2}],"extensions":{"code":"A"}},{"message":"b","extensions":{"code":"B"}}]}"#
        );
    }

    #[test]
    fn internal_errors_carry_their_trace() {
        let body = String::from_utf8(Refusal::internal("4bf9").to_body()).unwrap();
        assert!(body.contains(r#""extensions":{"code":"INTERNAL_SERVER_ERROR","traceId":"4bf9"}"#), "{body}");
    }
}
