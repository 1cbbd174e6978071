//! What of a request is the same each time, made once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HOST, InvalidHeaderValue};
use http::uri::{Authority, InvalidUri, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use url::Url;

/// Where requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whole, as HTTP/2 has it.
    absolute: Uri,
    /// Path and query, as the first line of HTTP/1.1 has it.
    relative: Uri,
    /// Host and port, without a port that is the scheme's own.
    authority: Authority,
}

/// What an address has that no request can.
#[derive(Debug, thiserror::Error)]
pub enum NoTarget {
    #[error(transparent)]
    Uri(#[from] InvalidUri),
    #[error(transparent)]
    Parts(#[from] http::Error),
    #[error(transparent)]
    Header(#[from] InvalidHeaderValue),
}

impl Target {
    /// Of an address with http or https.
    pub fn new(url: &Url) -> Result<Self, NoTarget> {
        let host = url.host_str().unwrap_or_default();
        let authority = match url.port() {
            Some(port) => Authority::try_from(format!("{host}:{port}"))?,
            None => Authority::try_from(host)?,
        };
        let path = match url.query() {
            Some(query) => PathAndQuery::try_from(format!("{}?{query}", url.path()))?,
            None => PathAndQuery::try_from(url.path())?,
        };
        let scheme = if url.scheme() == "https" { Scheme::HTTPS } else { Scheme::HTTP };
        let absolute = Uri::builder().scheme(scheme).authority(authority.clone()).path_and_query(path.clone());
        Ok(Self { absolute: absolute.build()?, relative: Uri::from(path), authority })
    }

    /// Whole.
    pub fn absolute(&self) -> Uri {
        self.absolute.clone()
    }

    /// Path and query.
    pub fn relative(&self) -> Uri {
        self.relative.clone()
    }

    /// Whether connections are to be encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.absolute.scheme() == Some(&Scheme::HTTPS)
    }

    /// Adds the headers that follow from the address.
    pub fn add_headers(&self, url: &Url, headers: &mut HeaderMap) -> Result<(), NoTarget> {
        headers.insert(HOST, HeaderValue::from_str(self.authority.as_str())?);
        if let Some(credentials) = credentials(url)
            && !headers.contains_key(AUTHORIZATION)
        {
            headers.insert(AUTHORIZATION, credentials);
        }
        Ok(())
    }
}

/// Name and password in an address, as a header has them (RFC 7617).
fn credentials(url: &Url) -> Option<HeaderValue> {
    let decoded = |text| percent_decode_str(text).decode_utf8().ok();
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let (name, password) = (decoded(url.username())?, decoded(url.password().unwrap_or_default())?);
    let encoded = STANDARD.encode(format!("{name}:{password}"));
    let mut value = HeaderValue::from_str(&format!("Basic {encoded}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}
