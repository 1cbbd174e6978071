//! POST: a GraphQL request as a JSON body.

use axum::body::Body;
use graphql::json::{self, JsonLimits};
use http::HeaderMap;
use tokio::time::Instant;

use super::{body, content_type};
use crate::refusal::Refusal;
use crate::request::GraphQlRequest;

/// Reads the request. The content type is checked before a byte of the body is read.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
    deadline: Instant,
) -> Result<GraphQlRequest, Refusal> {
    content_type::check(headers)?;
    let bytes = body::read(body, bytes_max, deadline).await?;
    let value = json::parse(&bytes, &JsonLimits::default())
        .map_err(|error| Refusal::malformed(format!("the request body is not valid JSON: {error}")))?;
    GraphQlRequest::from_json(value)
}
