//! Calls of a subgraph over HTTP (GraphQL over HTTP, the client's side).
//!
//! An answer with an error status is used if it is a GraphQL response in JSON; anything that isn't JSON is a fault of
//! the subgraph. What is beyond the size limit is never read.

use std::sync::Arc;

use bytes::Bytes;
use executor::{FetchError, RequestContext, SubgraphRequest};
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::body::read_capped;
use super::client::Client;
use super::endpoint::Endpoint;
use super::read_after;
use crate::header_values::is_utf8;

const IDENTITY: HeaderName = HeaderName::from_static(wire::identity::IDENTITY_HEADER);

/// How a subgraph is reached.
pub(super) struct Way {
    pub client: Arc<Client>,
    /// The headers of each call, whoever asks.
    pub headers: HeaderMap,
}

/// Sends one request and gives the body of the answer.
pub(super) async fn call(
    way: &Way,
    endpoint: &Endpoint,
    request: SubgraphRequest,
    context: &RequestContext,
) -> Result<Bytes, FetchError> {
    let identity = context.identity.as_deref().map(identity).transpose()?;
    let headers = || {
        let mut headers = way.headers.clone();
        endpoint.forward(context, &mut headers);
        if let Some(identity) = &identity {
            headers.insert(IDENTITY, identity.clone());
        }
        headers
    };
    let sent = way.client.post(headers, &request.body, request.idempotent).await;
    let answer = sent.map_err(|failure| FetchError::Unreachable(failure.text))?;
    let status = answer.status();
    if endpoint.reads_after {
        read_after::gather(context, answer.headers());
    }
    let is_json = answer.headers().get(CONTENT_TYPE).is_some_and(is_json);
    if !is_json {
        return Err(if status.is_success() {
            FetchError::Malformed("it is not JSON in UTF-8 by its content type".to_owned())
        } else {
            FetchError::Status { status: status.as_u16() }
        });
    }
    let body = read_capped(answer, endpoint.response_bytes_max).await?;
    // What a redirect holds is about the way, whatever it looks like.
    if status.is_success() || (!status.is_redirection() && is_graphql_response(&body)) {
        Ok(body)
    } else {
        Err(FetchError::Status { status: status.as_u16() })
    }
}

fn identity(text: &str) -> Result<HeaderValue, FetchError> {
    let value = HeaderValue::try_from(text);
    let mut value = value.map_err(|_| FetchError::NoRoute("the identity is no header value".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Whether a content type is JSON in UTF-8: `application/json`, or a type that says so by its suffix.
fn is_json(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else { return false };
    let name = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = name == "application/json" || (name.starts_with("application/") && name.ends_with("+json"));
    is_json && is_utf8(text)
}

/// Whether an error status came with a GraphQL response all the same.
fn is_graphql_response(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Response {
        data: Option<IgnoredAny>,
        errors: Option<Vec<IgnoredAny>>,
    }
    serde_json::from_slice::<Response>(body)
        .is_ok_and(|response| response.data.is_some() || response.errors.is_some_and(|errors| !errors.is_empty()))
}
