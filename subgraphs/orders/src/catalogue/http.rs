//! The products subgraph over HTTP.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use wire::identity::IDENTITY_HEADER;

use super::{CatalogueError, Transport};

/// A customer waits for this call, so it may not wait long.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A hundred quotes are about 15 kB; of a hundred products with a hundred variants each, asked for without saying which, 800 kB.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Posts requests to one URL.
pub struct HttpTransport {
    client: reqwest::Client,
    url: reqwest::Url,
}

impl HttpTransport {
    /// A transport to the GraphQL endpoint `url`.
    ///
    /// # Errors
    /// The HTTP client can't be set up, e.g. for want of root certificates.
    pub fn new(url: reqwest::Url) -> Result<Self, CatalogueError> {
        // The identity header must go nowhere else: not where a redirect leads, nor through the environment's proxy.
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| CatalogueError::Transport(error.into()))?;
        Ok(Self { client, url })
    }

    async fn post(&self, body: Bytes, identity: String) -> Result<Bytes, CatalogueError> {
        let failed = |error: reqwest::Error| CatalogueError::Transport(error.into());
        let mut response = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/graphql-response+json, application/json")
            .header(IDENTITY_HEADER, identity)
            .body(body)
            .send()
            .await
            .map_err(failed)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(CatalogueError::Status(response.status().as_u16()));
        }
        let mut answer = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if answer.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(CatalogueError::TooLong(ANSWER_BYTES_MAX));
            }
            answer.extend_from_slice(&chunk);
        }
        Ok(answer.freeze())
    }
}

impl Transport for HttpTransport {
    fn call(&self, body: Bytes, identity: String) -> BoxFuture<'_, Result<Bytes, CatalogueError>> {
        Box::pin(self.post(body, identity))
    }
}
