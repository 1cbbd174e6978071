//! Responses: which status and headers a reply gets in which media type (GraphQL over HTTP §6.4 and its audits).

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, StatusCode};

use super::accept::MediaType;
use crate::config::StatusCodes;
use crate::pipeline::Errors;
use crate::refusal::{Refusal, RefusalKind};

/// The status of a partial success in the draft, which no registry has yet.
const PARTIAL_SUCCESS: u16 = 294;

/// An executed operation is 200 in both media types, errors or not, but for what the draft says of partial success.
pub(super) fn executed(body: Bytes, errors: Errors, (media, codes): (MediaType, StatusCodes)) -> Response {
    let status = match (codes, media, errors) {
        (StatusCodes::Draft, MediaType::GraphqlResponse, Errors::Some) => StatusCode::from_u16(PARTIAL_SUCCESS),
        _ => Ok(StatusCode::OK),
    };
    response(status.unwrap_or(StatusCode::OK), media.content_type(), body.into())
}

/// A refused request. The older media type answers 200 once the request was a GraphQL request; in the draft what is no
/// success is told in the newer one alone.
pub(super) fn refused(refusal: &Refusal, (media, codes): (MediaType, StatusCodes)) -> Response {
    let (status, media) = match codes {
        StatusCodes::Established => (status(refusal.kind, media), media),
        StatusCodes::Draft => match draft_status(refusal) {
            success if success.is_success() => (success, media),
            status => (status, MediaType::GraphqlResponse),
        },
    };
    let mut answer = response(status, media.content_type(), refusal.to_body().into());
    let extra = match refusal.kind {
        RefusalKind::MethodNotAllowed(methods) => Some((ALLOW, HeaderValue::from_static(methods))),
        RefusalKind::Unauthenticated => {
            Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\"")))
        }
        RefusalKind::Overloaded => Some((RETRY_AFTER, HeaderValue::from_static("1"))),
        _ => None,
    };
    insert(answer.headers_mut(), extra);
    answer
}

/// Any response, with the headers that all of ours have.
pub(super) fn response(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // What an answer holds depends on who asks.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn insert(headers: &mut HeaderMap, extra: Option<(HeaderName, HeaderValue)>) {
    if let Some((name, value)) = extra {
        headers.insert(name, value);
    }
}

/// What is well-formed and not to be processed is 422.
fn draft_status(refusal: &Refusal) -> StatusCode {
    match refusal.kind {
        RefusalKind::Operation if refusal.code() == "GRAPHQL_PARSE_FAILED" => StatusCode::BAD_REQUEST,
        RefusalKind::Operation | RefusalKind::Parameters => StatusCode::UNPROCESSABLE_ENTITY,
        kind => status(kind, MediaType::GraphqlResponse),
    }
}

fn status(kind: RefusalKind, media: MediaType) -> StatusCode {
    match kind {
        RefusalKind::Operation if media == MediaType::Json => StatusCode::OK,
        RefusalKind::Malformed | RefusalKind::Parameters | RefusalKind::Operation => StatusCode::BAD_REQUEST,
        RefusalKind::Convention => StatusCode::OK,
        RefusalKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Misdirected => StatusCode::MISDIRECTED_REQUEST,
        RefusalKind::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
        RefusalKind::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        RefusalKind::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        RefusalKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        RefusalKind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        RefusalKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        RefusalKind::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        RefusalKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
    }
}
