//! POST: a GraphQL request, or a batch of them, as a JSON body.

use axum::body::Body;
use futures::FutureExt as _;
use graphql::json::{self, JsonLimits};
use http::HeaderMap;

use super::batch::Asked;
use super::body::{self, Bounds};
use super::content_type;
use crate::Config;
use crate::decode::{Coding, decode};
use crate::refusal::Refusal;

/// A body as it came.
pub(super) struct Received {
    coding: Coding,
    body: body::Received,
}

/// Waits for the body. The content type is checked before a byte of it is read.
pub(super) async fn receive(
    headers: &HeaderMap,
    body: Body,
    config: &Config,
    bounds: &Bounds,
) -> Result<Received, Refusal> {
    content_type::check(headers)?;
    let coding = Coding::of(headers).filter(|coding| *coding == Coding::Identity || config.http.compressed_requests);
    let coding = coding.ok_or_else(|| content_type::unsupported("the body's content encoding is not read here"))?;
    Ok(Received { coding, body: body::receive(body, bounds).await? })
}

impl Received {
    /// What is asked.
    pub async fn read(self, config: &Config) -> Result<Asked, Refusal> {
        let bytes_max = config.limits.body_bytes_max;
        let bytes = match self.coding {
            Coding::Identity => self.body.bytes.clone(),
            // Apart, as all that is seldom needed and many times as large as what is: each move of a request takes it along.
            coding => {
                let decoded = decode(Body::from(self.body.bytes.clone()), coding, bytes_max);
                body::unfold(decoded, bytes_max).boxed().await?
            }
        };
        let value = json::parse(&bytes, &JsonLimits::default())
            .map_err(|error| Refusal::malformed(format!("the request body is not valid JSON: {error}")))?;
        Asked::from_json(value, &config.http.batch)
    }
}
