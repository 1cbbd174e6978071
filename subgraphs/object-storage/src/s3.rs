//! S3-compatible storage.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use chrono::Utc;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use kit::objects::{Link, LinkTerms, ObjectError, ObjectKey, ObjectStorage, Stored, Upload};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::signer::{SignedUrlOptions, Signer as _};
use object_store::{ClientOptions, RetryConfig};
use url::Url;

use crate::OpenError;
use crate::store::{Store, as_the_store_does, path, unavailable};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one request may take: a part of 8 MiB on a slow line.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// Repetitions of one request: who wants an object tries the whole again anyway.
const RETRIES_MAX: usize = 3;
/// How long S3 lets a link live at most.
const LIFE_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Which bucket, and as whom.
#[derive(Clone)]
pub struct S3Config {
    /// Where the storage is; none for Amazon's own in the region.
    pub endpoint: Option<Url>,
    /// Where those who follow links reach it, if elsewhere.
    pub public_endpoint: Option<Url>,
    /// The bucket, which is there, and private.
    pub bucket: String,
    /// Its region.
    pub region: String,
    /// As whom.
    pub access_key_id: String,
    /// The secret.
    pub secret_access_key: String,
}

/// A bucket.
#[derive(Clone)]
pub struct S3 {
    store: Store,
    /// Signs links, under the name by which clients reach the storage.
    signer: Arc<AmazonS3>,
}

impl S3 {
    /// A bucket by its configuration. Nobody is asked.
    ///
    /// # Errors
    /// [`OpenError::Config`].
    pub fn open(config: &S3Config) -> Result<Self, OpenError> {
        let inner = Arc::new(client(config, config.endpoint.as_ref())?);
        let signer = match &config.public_endpoint {
            Some(endpoint) => Arc::new(client(config, Some(endpoint))?),
            None => Arc::clone(&inner),
        };
        Ok(Self { store: Store { inner, keeps_types: true, lists_in_order: true }, signer })
    }

    async fn signed(&self, key: &ObjectKey, terms: &LinkTerms) -> Result<Link, ObjectError> {
        let life = terms.life().min(LIFE_MAX);
        let expires_at = Utc::now() + life;
        let options = SignedUrlOptions::new().with_query([
            ("response-content-disposition", terms.content_disposition()),
            ("response-content-type", key.media_type().as_str().to_owned()),
        ]);
        let url = self.signer.signed_url_opts(Method::GET, &path(key), life, &options).await.map_err(unavailable)?;
        Ok(Link { url: url.into(), expires_at })
    }
}

impl ObjectStorage for S3 {
    as_the_store_does!();

    fn link<'a>(&'a self, key: &'a ObjectKey, terms: &'a LinkTerms) -> BoxFuture<'a, Result<Link, ObjectError>> {
        Box::pin(self.signed(key, terms))
    }
}

fn client(config: &S3Config, endpoint: Option<&Url>) -> Result<AmazonS3, OpenError> {
    let options = ClientOptions::new().with_connect_timeout(CONNECT_TIMEOUT).with_timeout(REQUEST_TIMEOUT);
    let retry = RetryConfig { max_retries: RETRIES_MAX, retry_timeout: REQUEST_TIMEOUT, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_client_options(options)
        .with_retry(retry)
        .with_bucket_name(&config.bucket)
        .with_region(&config.region)
        .with_access_key_id(&config.access_key_id)
        .with_secret_access_key(&config.secret_access_key);
    if let Some(endpoint) = endpoint {
        let is_plain = endpoint.scheme() == "http";
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/')).with_allow_http(is_plain);
    }
    builder.build().map_err(|error| OpenError::Config(error.into()))
}

impl std::fmt::Debug for S3Config {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { endpoint, bucket, region, .. } = self;
        let mut shown = formatter.debug_struct("S3Config");
        shown.field("endpoint", endpoint).field("bucket", bucket).field("region", region).finish_non_exhaustive()
    }
}
