//! One request to Stripe and its answer, bounded in time and size.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, StatusCode};
use url::Url;
use url::form_urlencoded::Serializer;

use super::{API_VERSION, StripeConfigError};
use crate::provider::ProviderError;

/// How long an answer is waited for: Stripe's own clients wait 80 s, since banks may. A job waits for it, and no person.
const TIMEOUT: Duration = Duration::from_secs(80);
/// A payment intent with its charge expanded has some 5 kB; a list of a hundred refunds some 200.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Where Stripe is, and as whom to speak to it.
#[derive(Clone)]
pub struct StripeConfig {
    /// `https://api.stripe.com/`, or another place that behaves like it.
    pub url: Url,
    /// The secret key. Never shown.
    pub secret_key: String,
}

/// Speaks HTTP to Stripe.
pub(super) struct Client {
    http: reqwest::Client,
    url: Url,
    authorization: HeaderValue,
}

/// An answer that was read whole.
pub(super) struct Answer {
    pub status: StatusCode,
    pub body: Bytes,
}

impl Client {
    pub(super) fn new(config: StripeConfig) -> Result<Self, StripeConfigError> {
        if !matches!(config.url.scheme(), "http" | "https") || config.url.cannot_be_a_base() {
            return Err(StripeConfigError::Url);
        }
        let bearer = format!("Bearer {}", config.secret_key);
        let mut authorization = HeaderValue::from_str(&bearer).map_err(|_| StripeConfigError::Key)?;
        authorization.set_sensitive(true);
        // The key must go nowhere else: not where a redirect leads, nor through the environment's proxy.
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(Policy::none()).no_proxy().build()?;
        Ok(Self { http, url: config.url, authorization })
    }

    /// Sends a form under an idempotency key.
    pub(super) async fn post(
        &self,
        path: &[&str],
        key: &str,
        form: &[(&str, String)],
    ) -> Result<Answer, ProviderError> {
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self
            .request(Method::POST, self.url_of(path)?)
            .header("Idempotency-Key", key)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        send(request).await
    }

    /// Asks for something that there is.
    pub(super) async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Answer, ProviderError> {
        let mut url = self.url_of(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        send(self.request(Method::GET, url)).await
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self.http.request(method, url).header(AUTHORIZATION, self.authorization.clone());
        request.header("Stripe-Version", API_VERSION)
    }

    fn url_of(&self, path: &[&str]) -> Result<Url, ProviderError> {
        let mut url = self.url.clone();
        // Segments are escaped: an id of another's making leads nowhere else.
        match url.path_segments_mut() {
            Ok(mut segments) => {
                segments.pop_if_empty().push("v1").extend(path);
            }
            Err(()) => return Err(ProviderError::Unreadable("the provider's URL".to_owned())),
        }
        Ok(url)
    }
}

async fn send(request: RequestBuilder) -> Result<Answer, ProviderError> {
    // The URL names ids alone, but its host is nobody's business.
    let failed = |error: reqwest::Error| ProviderError::Unavailable(error.without_url().to_string());
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status();
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(ProviderError::Unreadable(format!("more than {ANSWER_BYTES_MAX} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body: body.freeze() })
}
