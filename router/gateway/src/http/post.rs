//! POST: a GraphQL request, or a batch of them, as a JSON body.

use axum::body::Body;
use graphql::json::{self, JsonLimits};
use http::HeaderMap;
use tokio::time::Instant;

use super::batch::Asked;
use super::{body, content_type};
use crate::Config;
use crate::decode::{Coding, decode};
use crate::refusal::Refusal;

/// Reads what is asked. The content type is checked before a byte of the body is read.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    config: &Config,
    deadline: Instant,
) -> Result<Asked, Refusal> {
    content_type::check(headers)?;
    let coding = Coding::of(headers).filter(|coding| *coding == Coding::Identity || config.http.compressed_requests);
    let coding = coding.ok_or_else(|| content_type::unsupported("the body's content encoding is not read here"))?;
    let bytes_max = config.limits.body_bytes_max;
    let bytes = body::read(decode(body, coding, bytes_max), bytes_max, deadline).await?;
    let value = json::parse(&bytes, &JsonLimits::default())
        .map_err(|error| Refusal::malformed(format!("the request body is not valid JSON: {error}")))?;
    Asked::from_json(value, &config.http.batch)
}
