//! Errors as problem details (RFC 9457): what a caller may know, and what only the log may.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::codes as shared;

use super::{PROBLEM_TYPE, codes};
use crate::{
    database::{DatabaseError, describe},
    idempotency::IdempotencyError,
};

/// Why a call isn't answered as asked. Handlers give it with `?`; it becomes the response.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    #[source]
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// A problem as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// `urn:supergraph:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is the matter with this call.
    pub detail: String,
    /// What services match on.
    pub code: String,
    /// Under which the log tells more.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace_id: String,
}

impl Problem {
    /// A problem that the caller may know all about. The code is stable, in capitals with underscores.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, detail: detail.into(), cause: None }
    }

    /// What the call names doesn't exist.
    #[must_use]
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, shared::NOT_FOUND, detail)
    }

    /// The domain refuses, for a reason of its own. 422.
    #[must_use]
    pub fn refused(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// A fault of ours: the log has the cause, the caller doesn't.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, shared::INTERNAL_SERVER_ERROR, "Internal error").because(cause)
    }

    /// Something that this needs can't be had: the caller may ask again.
    #[must_use]
    pub fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, codes::UNAVAILABLE, "Not available now").because(cause)
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What a response without a problem says by its status alone.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::UNAUTHORIZED => (shared::UNAUTHENTICATED, "Only signed calls of services are answered"),
            StatusCode::FORBIDDEN => (shared::FORBIDDEN, "This caller may not do this"),
            StatusCode::NOT_FOUND => (shared::NOT_FOUND, "There is nothing here"),
            StatusCode::METHOD_NOT_ALLOWED => (codes::METHOD_NOT_ALLOWED, "Another method is needed"),
            StatusCode::PAYLOAD_TOO_LARGE => (shared::PAYLOAD_TOO_LARGE, "The body is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (shared::UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json"),
            StatusCode::CONFLICT => (codes::CONFLICT, "This stands against how things are now"),
            StatusCode::UNPROCESSABLE_ENTITY => (codes::UNPROCESSABLE, "The body isn't what this takes"),
            StatusCode::SERVICE_UNAVAILABLE => (codes::UNAVAILABLE, "Not available now"),
            StatusCode::GATEWAY_TIMEOUT => (codes::DEADLINE_EXCEEDED, "The deadline passed before there was an answer"),
            status if status.is_client_error() => (shared::BAD_REQUEST, "The request isn't understood"),
            _ => (shared::INTERNAL_SERVER_ERROR, "Internal error"),
        };
        Self::new(status, code, detail)
    }

    /// Writes to the log what the caller isn't told.
    pub(super) fn log(&self) {
        if let Some(cause) = &self.cause {
            tracing::error!(code = self.code, cause = %describe(&**cause), "an internal call failed");
        }
    }

    pub(super) fn document(&self, trace_id: String) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:supergraph:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone().into_owned(),
            code: self.code.to_owned(),
            trace_id,
        }
    }

    fn because(self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }
}

impl ProblemDocument {
    pub(super) fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Strings and a number: writing them can't fail.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE))], body).into_response()
    }
}

/// Marks a response that is a problem, so that the trace can be added to it.
#[derive(Clone)]
pub(super) struct IsProblem(pub ProblemDocument);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.log();
        let document = self.document(String::new());
        let mut response = document.clone().into_response();
        response.extensions_mut().insert(IsProblem(document));
        response
    }
}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Connect(_) | DatabaseError::PoolExhausted(_) => Self::unavailable(error),
            error => Self::internal(error),
        }
    }
}

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        Self::internal(error)
    }
}

impl From<IdempotencyError> for Problem {
    fn from(error: IdempotencyError) -> Self {
        let told = error.to_string();
        match error {
            IdempotencyError::KeyReused => Self::refused(codes::IDEMPOTENCY_KEY_REUSED, told),
            IdempotencyError::InProgress => Self::new(StatusCode::CONFLICT, codes::IDEMPOTENCY_KEY_IN_PROGRESS, told),
            IdempotencyError::Key => Self::new(StatusCode::BAD_REQUEST, codes::IDEMPOTENCY_KEY_INVALID, told),
            IdempotencyError::Database(error) => error.into(),
            error @ (IdempotencyError::Scope | IdempotencyError::Reply(_)) => Self::internal(error),
        }
    }
}
