//! Asking another service, as a service.

mod breaker;
mod call;
mod config;
mod error;
mod path;
mod transport;

use std::sync::Arc;

use axum::http::Method;
use wire::identity::{Identity, Signer};

use self::{breaker::Breaker, transport::Transport};
pub use call::Call;
pub use config::ClientConfig;
pub use error::CallError;

/// A client of one other service; cheap to clone. Clones share its circuit breaker.
#[derive(Clone)]
pub struct InternalClient {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Transport,
    identity: Identity,
    signer: Arc<Signer>,
    breaker: Breaker,
    config: ClientConfig,
}

impl InternalClient {
    /// A client over TCP: of the service at `origin` (`http://payments:4000`), as the service `name`, whose key `signer` the other
    /// one must trust.
    ///
    /// # Errors
    /// [`CallError::Request`] when the HTTP client can't be set up, for want of root certificates.
    pub fn over_http(
        origin: reqwest::Url,
        name: &str,
        signer: Arc<Signer>,
        config: ClientConfig,
    ) -> Result<Self, CallError> {
        Ok(Self::over(Transport::http(origin, config)?, name, signer, config))
    }

    /// A client within the process: the same bytes, to what [`serve`](super::serve) gave.
    #[must_use]
    pub fn in_process(router: axum::Router, name: &str, signer: Arc<Signer>, config: ClientConfig) -> Self {
        Self::over(Transport::InProcess(router), name, signer, config)
    }

    fn over(transport: Transport, name: &str, signer: Arc<Signer>, config: ClientConfig) -> Self {
        let (identity, breaker) = (Identity::service(name), Breaker::new(&config));
        Self { inner: Arc::new(Inner { transport, identity, signer, breaker, config }) }
    }

    /// Reads what is at a path, given by its segments below [`PATH`](super::PATH): `["users", id, "contact"]`.
    pub fn get(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::GET, path)
    }

    /// Sets what is at a path.
    pub fn put(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::PUT, path)
    }

    /// Takes away what is at a path.
    pub fn delete(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// Has something done. Without [`Call::key`] it isn't repeated once it may have arrived.
    pub fn post(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::POST, path)
    }

    fn call(&self, method: Method, path: &[&str]) -> Call<'_> {
        Call::new(&self.inner, method, path)
    }
}

impl std::fmt::Debug for InternalClient {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("InternalClient").field("transport", &self.inner.transport).finish_non_exhaustive()
    }
}
