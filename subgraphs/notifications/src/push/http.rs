//! A push gateway over HTTP: `POST <endpoint>` with a [`PushMessage`] as JSON, its id as `Idempotency-Key`, and a bearer token.
//!
//! `2xx`: taken. `404` and `410`: the user has no device. `408`, `425`, `429` and `5xx`: later. All others: refused.

use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::{Client, StatusCode, redirect::Policy};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{PushError, PushMessage, PushSender};
use crate::mail::Secret;

/// Which push gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushConfig {
    /// Where messages go.
    pub endpoint: Url,
    /// The gateway's token for us. Never shown.
    #[serde(default)]
    pub token: Option<Secret>,
    /// How long it may take to answer, in milliseconds. 10 s: it has only to take the message.
    #[serde(default = "ten_seconds")]
    pub timeout_ms: u64,
}

fn ten_seconds() -> u64 {
    10_000
}

/// A push gateway.
#[derive(Clone, Debug)]
pub struct HttpPush {
    client: Client,
    config: PushConfig,
}

impl HttpPush {
    /// The gateway that `config` names. Nothing is tried yet.
    ///
    /// # Errors
    /// When TLS can't be had.
    pub fn new(config: PushConfig) -> Result<Self, reqwest::Error> {
        let timeout = Duration::from_millis(config.timeout_ms);
        let client = Client::builder().timeout(timeout).redirect(Policy::none()).build()?;
        Ok(Self { client, config })
    }
}

impl PushSender for HttpPush {
    fn push<'a>(&'a self, message: &'a PushMessage) -> BoxFuture<'a, Result<(), PushError>> {
        Box::pin(async move {
            let body = serde_json::to_vec(message).map_err(|error| PushError::Refused(error.to_string()))?;
            let mut request = self
                .client
                .post(self.config.endpoint.clone())
                .header("content-type", "application/json")
                .header("idempotency-key", message.id.to_string())
                .body(body);
            if let Some(token) = &self.config.token {
                request = request.bearer_auth(token.expose());
            }
            let answer =
                request.send().await.map_err(|error| PushError::Unavailable(error.without_url().to_string()))?;
            match answer.status() {
                status if status.is_success() => Ok(()),
                StatusCode::NOT_FOUND | StatusCode::GONE => Err(PushError::NoDevice),
                status if may_pass(status) => Err(PushError::Unavailable(status.to_string())),
                status => Err(PushError::Refused(status.to_string())),
            }
        })
    }
}

fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS].contains(&status)
}
