//! One key set at a URL: fetched at a bounded rate, by one at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::key::Key;
use crate::fetch::{causes, read_capped};
use crate::{GatewayError, config};

/// Bytes of a key set document; real ones stay below 100,000.
const DOCUMENT_BYTES_MAX: usize = 1_000_000;
/// Keys of one set that are looked at.
const KEYS_MAX: usize = 100;

/// See the module.
pub(super) struct RemoteSet {
    pub url: String,
    keys: ArcSwap<Fetched>,
    loaded: AtomicBool,
    /// When it was last tried; also makes fetches take turns.
    pub(super) tried: Mutex<Option<Instant>>,
    client: reqwest::Client,
    timeout: Duration,
    allowed: Vec<config::JwtAlgorithm>,
}

/// What a set had when it was fetched last.
#[derive(Default)]
pub(super) struct Fetched {
    pub keys: Vec<Key>,
    /// How often it had been fetched.
    pub generation: u64,
}

impl RemoteSet {
    /// Of a configuration; not fetched yet.
    pub fn new(url: &str, config: &config::Jwt) -> Result<Self, GatewayError> {
        crate::gateway::endpoint_url("identity.jwt.jwks.url", url)?;
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
        Ok(Self {
            url: url.to_owned(),
            keys: ArcSwap::default(),
            loaded: AtomicBool::new(false),
            tried: Mutex::new(None),
            client: client.map_err(GatewayError::HttpClient)?,
            timeout: Duration::from_millis(config.timeout_ms),
            allowed: config.algorithms.clone(),
        })
    }

    /// Whether it is what a configuration names.
    pub fn is(&self, url: &str, config: &config::Jwt) -> bool {
        self.url == url && self.allowed == config.algorithms && self.timeout == Duration::from_millis(config.timeout_ms)
    }

    /// Whether it has been read at least once.
    pub fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Acquire)
    }

    /// The keys that are taken now.
    pub fn fetched(&self) -> Arc<Fetched> {
        self.keys.load_full()
    }

    /// How often it has been fetched.
    pub fn generation(&self) -> u64 {
        self.keys.load().generation
    }

    /// Fetches unless that was tried less than `min` ago. Callers that come meanwhile wait for the one fetch.
    pub async fn refresh(&self, min: Duration) {
        let mut tried = self.tried.lock().await;
        if tried.is_some_and(|at| at.elapsed() < min) {
            return;
        }
        // Before it is known how it ends: callers that give up meanwhile must not make the next one fetch again.
        *tried = Some(Instant::now());
        let fetched = timeout(self.timeout, self.fetch()).await.unwrap_or_else(|_| Err("no answer in time".to_owned()));
        match fetched {
            Ok(keys) => {
                let generation = self.generation() + 1;
                self.keys.store(Arc::new(Fetched { keys, generation }));
                self.loaded.store(true, Ordering::Release);
            }
            Err(message) => tracing::warn!(url = self.url, message, "a key set cannot be fetched"),
        }
    }

    async fn fetch(&self) -> Result<Vec<Key>, String> {
        let answer = self.client.get(&self.url).send().await.map_err(|error| causes(&error))?;
        if !answer.status().is_success() {
            return Err(format!("HTTP status {}", answer.status().as_u16()));
        }
        let document = read_capped(answer.into(), DOCUMENT_BYTES_MAX).await.map_err(|error| error.to_string())?;
        parse(&document, &self.allowed)
    }
}

/// The keys of a document that are understood and allowed.
pub(super) fn parse(document: &[u8], allowed: &[config::JwtAlgorithm]) -> Result<Vec<Key>, String> {
    let document: serde_json::Value = serde_json::from_slice(document).map_err(|error| error.to_string())?;
    let keys = document.get("keys").and_then(serde_json::Value::as_array).ok_or("there is no list \"keys\"")?;
    Ok(keys.iter().take(KEYS_MAX).filter_map(|jwk| Key::from_jwk(jwk, allowed)).collect())
}
