//! What carries a call: a connection, or the process itself.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use tower::ServiceExt as _;

use super::{CallError, ClientConfig};

/// What carries a call.
#[derive(Debug)]
pub(super) enum Transport {
    Http { client: reqwest::Client, origin: reqwest::Url },
    InProcess(axum::Router),
}

/// An answer, whatever its status.
pub(super) struct Answer {
    pub status: StatusCode,
    pub body: Bytes,
}

impl Transport {
    pub(super) fn http(origin: reqwest::Url, config: ClientConfig) -> Result<Self, CallError> {
        // The identity header must go nowhere else: not where a redirect leads, nor through the environment's proxy.
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| CallError::Request(error.to_string()))?;
        Ok(Self::Http { client, origin })
    }

    /// Carries a request, whose URI has a path and a query alone.
    pub(super) async fn carry(&self, request: Request<Bytes>, answer_bytes_max: usize) -> Result<Answer, CallError> {
        match self {
            Self::Http { client, origin } => over_http(client, origin, request, answer_bytes_max).await,
            Self::InProcess(router) => in_process(router.clone(), request, answer_bytes_max).await,
        }
    }
}

async fn over_http(
    client: &reqwest::Client,
    origin: &reqwest::Url,
    request: Request<Bytes>,
    answer_bytes_max: usize,
) -> Result<Answer, CallError> {
    let (parts, body) = request.into_parts();
    let url = origin.join(&parts.uri.to_string()).map_err(|error| CallError::Request(error.to_string()))?;
    let sending = client.request(parts.method, url).headers(parts.headers).body(body).send();
    let mut response = sending.await.map_err(unreachable)?;
    let status = response.status();
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len().saturating_add(chunk.len()) > answer_bytes_max {
            return Err(CallError::TooLong(answer_bytes_max));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body: body.freeze() })
}

fn unreachable(error: reqwest::Error) -> CallError {
    CallError::Unreachable { may_have_arrived: !error.is_connect(), source: error.without_url().into() }
}

async fn in_process(
    router: axum::Router,
    request: Request<Bytes>,
    answer_bytes_max: usize,
) -> Result<Answer, CallError> {
    let response = match router.oneshot(request.map(Body::from)).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), answer_bytes_max);
    let body = body.await.map_err(|_| CallError::TooLong(answer_bytes_max))?;
    Ok(Answer { status, body })
}
