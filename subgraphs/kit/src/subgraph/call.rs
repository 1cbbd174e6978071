//! One call: reading it, answering it, writing the answer.

use std::time::Instant;

use async_graphql::{ParseRequestError, Request, Response, ServerError, Value};
use axum::http::StatusCode;
use bytes::Bytes;
use serde::Serialize;
use tracing::Instrument as _;
use wire::{codes, identity::Identity};

use super::{
    SdlAccess, Subgraph,
    document::{self, Checked, ReadsContract},
    limits,
    normalise::normalise,
    root::EntityIndexes,
    rows::RowCount,
    seal,
    trace::TraceId,
};
use crate::{
    caller::Caller,
    loader::drive,
    recent_writers::Handed,
    trace::{Parent, Span},
};

/// Characters of an operation's name that its span tells: clients choose it.
const NAME_LENGTH_MAX: usize = 64;

/// The headers of a call that count.
#[derive(Debug, Clone, Copy, Default)]
pub struct Call<'a> {
    /// [`wire::identity::IDENTITY_HEADER`].
    pub identity: Option<&'a str>,
    /// W3C `traceparent`.
    pub traceparent: Option<&'a str>,
    /// [`wire::read_after::READ_AFTER_HEADER`]: what the caller has written.
    pub read_after: Option<&'a str>,
}

/// The answer to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status that the answer has, or would have.
    pub status: u16,
    /// A GraphQL JSON response.
    pub body: Bytes,
    /// [`wire::read_after::READ_AFTER_HEADER`] of the answer, if the call has written.
    pub read_after: Option<String>,
}

/// A response and its HTTP status.
pub(super) struct Answer {
    pub status: StatusCode,
    pub response: Response,
    /// Up to where it has written, for the caller to read after.
    pub read_after: Option<String>,
}

impl Answer {
    pub(super) fn body(&self) -> Bytes {
        let data = (!is_request_error(&self.response)).then_some(&self.response.data);
        let body = Body { data, errors: &self.response.errors };
        // Values come from resolvers as JSON already: writing can't fail.
        serde_json::to_vec(&body).unwrap_or_default().into()
    }

    /// What metrics call it.
    fn outcome(&self) -> &'static str {
        match () {
            () if self.response.errors.is_empty() => "ok",
            () if is_request_error(&self.response) => "refused",
            () => "errors",
        }
    }

    fn refuse(status: StatusCode, code: &str, message: &str) -> Self {
        let error = async_graphql::Error::new(message);
        let mut error = ServerError {
            message: error.message,
            source: None,
            locations: Vec::new(),
            path: Vec::new(),
            extensions: None,
        };
        seal::set_code(&mut error, code);
        Self { status, response: Response::from_errors(vec![error]), read_after: None }
    }
}

/// A response as it is written: without data when nothing was executed.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
}

/// Whether the request as a whole was refused.
fn is_request_error(response: &Response) -> bool {
    response.data == Value::Null && response.errors.iter().any(|error| error.path.is_empty())
}

/// Reads a request the way the HTTP side does.
pub(super) async fn read_json(body: Bytes) -> Result<Request, ParseRequestError> {
    if body.len() > limits::BODY_BYTES_MAX {
        return Err(ParseRequestError::PayloadTooLarge);
    }
    async_graphql::http::receive_json(body.as_ref()).await
}

impl Subgraph {
    /// The one code path of all calls.
    pub(super) async fn respond(&self, request: Result<Request, ParseRequestError>, call: Call<'_>) -> Answer {
        let request_span = self.span(&request, call);
        let trace = TraceId::of(&request_span);
        let span = tracing::info_span!("subgraph", subgraph = self.inner.name, trace_id = %trace);
        let began = Instant::now();
        let answering = async {
            let mut answer = self.checked(request, call).await;
            seal::seal(&mut answer.response, trace);
            answer
        };
        let answer = request_span.run(answering.instrument(span)).await;
        if answer.outcome() != "ok" {
            request_span.fail(answer.outcome());
        }
        if let Some(metrics) = &self.metrics {
            metrics.answered(answer.outcome(), began.elapsed());
        }
        answer
    }

    fn span(&self, request: &Result<Request, ParseRequestError>, call: Call<'_>) -> Span {
        Span::server(Parent::Remote(call.traceparent), || {
            let name = request.as_ref().ok().and_then(|request| request.operation_name.as_deref());
            let name = name.map(|name| name.chars().take(NAME_LENGTH_MAX).collect::<String>());
            let mut attributes = vec![("supergraph.service", self.inner.name.into())];
            attributes.extend(name.map(|name| ("graphql.operation.name", name.into())));
            (format!("graphql {}", self.inner.name), attributes)
        })
    }

    async fn checked(&self, request: Result<Request, ParseRequestError>, call: Call<'_>) -> Answer {
        let identity = self.inner.access.identify(call.identity);
        let request = match (request, &identity) {
            (Ok(request), _) => request,
            (Err(error), Some(_)) => return unreadable(&error),
            (Err(_), None) => return unauthenticated(),
        };
        let checked = match document::check(request, &self.inner.shape) {
            Ok(checked) => checked,
            Err(_) if identity.is_none() => return unauthenticated(),
            Err(error) => {
                return Answer::refuse(StatusCode::BAD_REQUEST, error.code(), &error.to_string());
            }
        };
        let identity = match identity {
            Some(identity) => identity,
            None if checked.reads == ReadsContract::Only && self.inner.access.sdl_open == SdlAccess::Open => {
                Identity::anonymous()
            }
            None => return unauthenticated(),
        };
        self.run(checked, identity, call.read_after).await
    }

    async fn run(&self, checked: Checked, identity: Identity, read_after: Option<&str>) -> Answer {
        let handed = Handed::by_caller(read_after);
        let operation_name = checked.request.operation_name.clone();
        let request = checked
            .request
            .data(Caller::new(identity))
            .data(EntityIndexes::default())
            .data(RowCount::default())
            .data(handed.clone());
        let mut response = drive((self.inner.execute)(request)).await;
        if checked.reads != ReadsContract::Never {
            self.put_contract(&mut response.data);
        }
        normalise(&mut response, &checked.document, operation_name.as_deref());
        let status = if is_request_error(&response) { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        Answer { status, response, read_after: handed.answer() }
    }

    /// Puts the contract where async-graphql wrote the SDL as it exports it.
    fn put_contract(&self, data: &mut Value) {
        let Value::Object(fields) = data else { return };
        for field in fields.values_mut() {
            let Value::Object(service) = field else { continue };
            for value in service.values_mut() {
                if matches!(value, Value::String(sdl) if *sdl == self.inner.exported_sdl) {
                    *value = Value::String(self.inner.sdl.clone());
                }
            }
        }
    }
}

fn unauthenticated() -> Answer {
    Answer::refuse(StatusCode::UNAUTHORIZED, codes::UNAUTHENTICATED, "This subgraph answers signed calls only")
}

fn unreadable(error: &ParseRequestError) -> Answer {
    match error {
        // The only I/O here is reading the body up to its limit.
        ParseRequestError::PayloadTooLarge | ParseRequestError::Io(_) => {
            Answer::refuse(StatusCode::PAYLOAD_TOO_LARGE, codes::PAYLOAD_TOO_LARGE, "The request's body is too large")
        }
        _ => Answer::refuse(
            StatusCode::BAD_REQUEST,
            codes::BAD_REQUEST,
            "The request's body isn't a GraphQL request in JSON",
        ),
    }
}

pub(super) fn unsupported_media_type() -> Answer {
    Answer::refuse(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        codes::UNSUPPORTED_MEDIA_TYPE,
        "Send the request as application/json",
    )
}
