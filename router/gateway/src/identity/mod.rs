//! Who the caller is: a bearer token in, a signed identity for subgraphs out.
//!
//! Established once a request. A token that doesn't hold is refused, never taken for no token. Without key sets every
//! caller is anonymous and `Authorization` isn't looked at.

mod claims;
mod jwks;
mod key;
mod remote_set;
mod signing;
mod verified;

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use tokio_util::sync::CancellationToken;
use wire::identity::{Identity, IdentityError, Signer};

use crate::config;
use crate::refusal::{Refusal, RefusalKind};
use crate::{GatewayError, Sources};
use jwks::KeySets;
use signing::Signing;

/// Tokens longer than this, in bytes, aren't looked at; real ones stay below 4,000.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// Verifies callers and signs what subgraphs are told of them.
pub(crate) struct Authenticator {
    tokens: Option<Tokens>,
    signing: Option<Signing>,
    sources: Arc<dyn Sources>,
}

/// How tokens are verified.
struct Tokens {
    keys: KeySets,
    rules: claims::Rules,
}

/// A verified caller.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The header value for subgraphs; `None` when no key signs.
    pub identity: Option<Arc<str>>,
}

impl Authenticator {
    /// Reads keys through the sources. Sets from URLs that `previous` has fetched are taken over.
    pub(crate) fn new(
        config: &config::Identity,
        sources: Arc<dyn Sources>,
        previous: Option<&Self>,
    ) -> Result<Self, GatewayError> {
        let tokens = if config.jwt.jwks.is_empty() {
            None
        } else {
            let known = previous.and_then(|previous| previous.tokens.as_ref()).map(|tokens| &tokens.keys);
            let keys = KeySets::new(&config.jwt, sources.as_ref(), known)?;
            Some(Tokens { keys, rules: claims::Rules::new(&config.jwt) })
        };
        let signing = match secret(&config.signing_key, sources.as_ref())? {
            Some(pem) => Some(Signing::new(Signer::from_pem(pem.expose()).map_err(|_| GatewayError::SigningKey)?)),
            None => None,
        };
        Ok(Self { tokens, signing, sources })
    }

    /// Keeps key sets from URLs fresh until `shutdown`.
    pub(crate) async fn refresh(&self, shutdown: CancellationToken) {
        if let Some(tokens) = &self.tokens {
            tokens.keys.keep_fresh(shutdown).await;
        }
    }

    /// Fetches the key sets that no predecessor had.
    ///
    /// # Errors
    /// One can't be fetched: callers who are known now would be refused.
    pub(crate) async fn load_missing(&self) -> Result<(), GatewayError> {
        match &self.tokens {
            Some(tokens) => tokens.keys.load_missing().await,
            None => Ok(()),
        }
    }

    /// Whether every key set has been read at least once.
    pub(crate) fn is_ready(&self) -> bool {
        self.tokens.as_ref().is_none_or(|tokens| tokens.keys.are_loaded())
    }

    /// Establishes who calls.
    pub(crate) async fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let identity = match (&self.tokens, bearer(headers)) {
            (None, _) | (Some(_), Ok(None)) => Identity::anonymous(),
            (Some(tokens), Ok(Some(token))) => self.verify(tokens, token).await?,
            (Some(_), Err(refusal)) => return Err(refusal),
        };
        let Some(signing) = &self.signing else { return Ok(Caller { identity: None }) };
        match signing.token(identity, self.sources.unix_seconds()) {
            Ok(token) => Ok(Caller { identity: Some(token) }),
            Err(IdentityError::Claims) => Err(unauthenticated("the token grants more than can be passed on")),
            Err(error) => {
                tracing::error!(%error, "an identity cannot be signed");
                Err(Refusal::new(
                    RefusalKind::Internal,
                    wire::codes::INTERNAL_SERVER_ERROR,
                    "an identity cannot be signed",
                ))
            }
        }
    }

    async fn verify(&self, tokens: &Tokens, token: &str) -> Result<Identity, Refusal> {
        let now = self.sources.unix_seconds();
        let claims = tokens.keys.verify(token).await.map_err(|reason| {
            tracing::debug!(reason, "a bearer token was refused");
            unauthenticated(reason)
        })?;
        tokens.rules.identity(&claims, now).map_err(|reason| {
            tracing::debug!(reason, "a bearer token was refused");
            unauthenticated(reason)
        })
    }
}

/// The token of `Authorization: Bearer …`. Another scheme, or two headers, is an attempt that can't succeed.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value,
        (Some(_), Some(_)) => return Err(unauthenticated("there is more than one Authorization header")),
    };
    let parts = value.to_str().ok().and_then(|text| text.trim().split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            let token = token.trim();
            if token.is_empty() || token.len() > TOKEN_BYTES_MAX {
                Err(unauthenticated("the bearer token is malformed"))
            } else {
                Ok(Some(token))
            }
        }
        _ => Err(unauthenticated("the Authorization header has to be a bearer token")),
    }
}

fn unauthenticated(reason: &str) -> Refusal {
    Refusal::new(RefusalKind::Unauthenticated, wire::codes::UNAUTHENTICATED, format!("Not authenticated: {reason}"))
}

fn secret(source: &config::SecretSource, sources: &dyn Sources) -> Result<Option<config::Secret>, GatewayError> {
    const KEY: &str = "identity.signing_key";
    if let Some(path) = &source.file {
        let read = sources.read_file(path);
        let bytes = read.map_err(|source| GatewayError::File { key: KEY, path: path.clone(), source })?;
        return Ok(Some(config::Secret::new(bytes)));
    }
    let Some(variable) = &source.environment else { return Ok(None) };
    let value = sources.environment(variable);
    let value = value.ok_or_else(|| GatewayError::Environment { key: KEY, variable: variable.clone() })?;
    Ok(Some(config::Secret::new(value.into_bytes())))
}

#[cfg(test)]
mod tests;
