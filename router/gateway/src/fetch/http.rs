//! Calls of a subgraph over HTTP (GraphQL over HTTP, the client's side).
//!
//! An answer with an error status is used if it is a GraphQL response in JSON; anything that isn't JSON is a fault of
//! the subgraph. What is beyond the size limit is never read.

use bytes::Bytes;
use executor::{FetchError, RequestContext};
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::endpoint::Endpoint;
use super::{causes, read_capped};
use crate::header_values::is_utf8;

const ACCEPTED: HeaderValue = HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9");
const CODINGS: HeaderValue = HeaderValue::from_static("zstd, br, gzip, deflate");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const IDENTITY: HeaderName = HeaderName::from_static(wire::identity::IDENTITY_HEADER);

/// Sends one request and gives the body of the answer.
pub(super) async fn call(
    client: &reqwest::Client,
    endpoint: &Endpoint,
    body: Bytes,
    context: &RequestContext,
) -> Result<Bytes, FetchError> {
    let url = endpoint.url.clone().ok_or_else(|| FetchError::NoRoute("it has no URL".to_owned()))?;
    let mut headers = endpoint.headers(context);
    headers.insert(ACCEPT, ACCEPTED);
    if endpoint.compressed_answers {
        headers.insert(ACCEPT_ENCODING, CODINGS);
    }
    headers.insert(CONTENT_TYPE, JSON);
    if let Some(identity) = &context.identity {
        let mut value = HeaderValue::try_from(identity.as_ref())
            .map_err(|_| FetchError::NoRoute("the identity is no header value".to_owned()))?;
        value.set_sensitive(true);
        headers.insert(IDENTITY, value);
    }
    let sent = client.post(url).headers(headers).body(body).send().await;
    let answer = sent.map_err(|error| FetchError::Unreachable(causes(&error)))?;
    let status = answer.status();
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
