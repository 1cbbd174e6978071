//! Calling users' own programs, as the Standard Webhooks specification says: a signed `POST` with an id by which a repetition is
//! recognised.
//!
//! Whoever may name an address that we call may try to make us call what only we can reach. So: HTTPS alone, no redirects, no
//! proxy, no name whose addresses aren't all public, and what was looked at is what is connected to ([`guard`]). Nothing of an
//! answer but its status is read, and nobody is told more than that.

pub mod guard;
pub mod signature;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{Client, StatusCode, redirect::Policy};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{guard::Lookup, signature::SigningKey};
use crate::domain::{WebhookUrl, webhook_url::Reach};

/// How calls are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookConfig {
    /// Whether addresses that aren't public, and such without TLS, may be called: for development alone.
    pub private_addresses: bool,
    /// How long a call may take, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for WebhookConfig {
    /// 15 s: the specification advises receivers to answer first and work later, and 15 to 30 s of patience.
    fn default() -> Self {
        Self { private_addresses: false, timeout_ms: 15_000 }
    }
}

impl WebhookConfig {
    /// Whom users may have us call.
    #[must_use]
    pub fn reach(&self) -> Reach {
        if self.private_addresses { Reach::Anywhere } else { Reach::Public }
    }
}

/// Why a call didn't succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// It isn't called: its address is none of those that are.
    #[error("the address isn't called: {0}")]
    NotCalled(String),
    /// It can't be reached, or doesn't answer in time.
    #[error("it does not answer: {0}")]
    NoAnswer(String),
    /// It answered something else than `2xx`.
    #[error("it answered {0}")]
    Status(u16),
    /// It answered that it is there no more: `410`.
    #[error("it answered that it is gone")]
    Gone,
}

/// Calls webhooks.
#[derive(Clone, Debug)]
pub struct WebhookCaller {
    client: Client,
    reach: Reach,
}

impl WebhookCaller {
    /// Calls as `config` says; `lookup` tells where names lead.
    ///
    /// # Errors
    /// When TLS can't be had.
    pub fn new(config: WebhookConfig, lookup: Arc<dyn Lookup>) -> Result<Self, reqwest::Error> {
        let reach = config.reach();
        let client = Client::builder()
            .user_agent("supergraph-webhooks")
            .timeout(Duration::from_millis(config.timeout_ms))
            .redirect(Policy::none())
            // A proxy would look names up by itself.
            .no_proxy()
            // A connection that rests was checked when it was made; the next call shall be, too.
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(guard::Guarded::new(lookup, reach)))
            .build()?;
        Ok(Self { client, reach })
    }

    /// Calls `url` with a body. `id` is the same when it is called again; `now` is part of what is signed.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn call(
        &self,
        url: &str,
        key: &SigningKey,
        id: Uuid,
        now: DateTime<Utc>,
        body: Vec<u8>,
    ) -> Result<(), CallError> {
        // What was allowed when it was registered may not be any more; and addresses in the text ask no resolver.
        let url = WebhookUrl::parse(url, self.reach).map_err(|error| CallError::NotCalled(error.to_string()))?;
        let (id, timestamp) = (id.to_string(), now.timestamp());
        let signature = key.sign(&id, timestamp, &body);
        let call = self
            .client
            .post(url.url().clone())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(body);
        match call.send().await.map(|answer| answer.status()) {
            Ok(status) if status.is_success() => Ok(()),
            Ok(StatusCode::GONE) => Err(CallError::Gone),
            Ok(status) => Err(CallError::Status(status.as_u16())),
            Err(error) => Err(unanswered(&error)),
        }
    }
}

/// Why there is no answer; the URL isn't in it, since it may hold a secret.
fn unanswered(error: &reqwest::Error) -> CallError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    let mut last = None;
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<guard::NotPublic>() {
            return CallError::NotCalled(refused.to_string());
        }
        (last, cause) = (Some(error), error.source());
    }
    let what = if error.is_timeout() {
        "too late".to_owned()
    } else {
        last.map_or("no connection".to_owned(), ToString::to_string)
    };
    CallError::NoAnswer(what)
}
