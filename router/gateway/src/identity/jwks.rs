//! Key sets (RFC 7517) from files and URLs, and the check of a token's signature.
//!
//! Sets from URLs are read at the start and again from time to time; an unknown key id may bring that forward, at a
//! bounded rate, so that made-up ids make no traffic. A set that can't be fetched again stays as it was.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use jsonwebtoken::{Validation, decode, decode_header};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::claims::Claims;
use super::key::Key;
use super::remote_set::{RemoteSet, parse};
use super::verified::{By, VerifiedTokens};
use crate::{GatewayError, Sources, config};

/// Signatures checked for one token, when it doesn't name its key.
const ATTEMPTS_MAX: usize = 4;

/// All key sets.
pub(super) struct KeySets {
    fixed: Vec<Key>,
    remote: Vec<Arc<RemoteSet>>,
    /// Those of `remote` that no predecessor has.
    fresh: Vec<Arc<RemoteSet>>,
    refresh_after: Duration,
    refresh_min: Duration,
    verified: VerifiedTokens,
}

impl KeySets {
    /// Reads the sets from files; those from URLs that `previous` has too are shared with it.
    pub fn new(config: &config::Jwt, sources: &dyn Sources, previous: Option<&Self>) -> Result<Self, GatewayError> {
        let mut fixed = Vec::new();
        let (mut remote, mut fresh) = (Vec::new(), Vec::new());
        for set in &config.jwks {
            if let Some(path) = &set.file {
                let read = sources.read_file(path);
                let read =
                    read.map_err(|source| GatewayError::File { key: "identity.jwt.jwks", path: path.clone(), source })?;
                let malformed = |message| GatewayError::Jwks { origin: path.clone(), message };
                fixed.extend(parse(&read, &config.algorithms).map_err(malformed)?);
            }
            if let Some(url) = &set.url {
                let known = previous.and_then(|previous| previous.remote.iter().find(|set| set.is(url, config)));
                if let Some(known) = known {
                    remote.push(Arc::clone(known));
                } else {
                    let set = Arc::new(RemoteSet::new(url, config)?);
                    fresh.push(Arc::clone(&set));
                    remote.push(set);
                }
            }
        }
        let (refresh_after, refresh_min) =
            (Duration::from_secs(config.refresh_s), Duration::from_secs(config.refresh_min_s));
        Ok(Self { fixed, remote, fresh, refresh_after, refresh_min, verified: VerifiedTokens::new() })
    }

    pub fn are_loaded(&self) -> bool {
        self.remote.iter().all(|set| set.is_loaded())
    }

    /// Fetches the sets that no predecessor has.
    pub async fn load_missing(&self) -> Result<(), GatewayError> {
        for set in &self.fresh {
            set.refresh(Duration::ZERO).await;
            if !set.is_loaded() {
                return Err(GatewayError::JwksUnreachable { url: set.url.clone() });
            }
        }
        Ok(())
    }

    /// Fetches at the start, then each time the interval has passed; sooner after a failed first fetch.
    pub async fn keep_fresh(&self, shutdown: CancellationToken) {
        let refresh = async {
            loop {
                for set in &self.remote {
                    set.refresh(self.refresh_min.min(self.refresh_after) / 2).await;
                }
                sleep(if self.are_loaded() { self.refresh_after } else { self.refresh_min }).await;
            }
        };
        if !self.remote.is_empty() {
            shutdown.run_until_cancelled(refresh).await;
        }
    }

    /// Checks the signature, unless it is known to hold, and gives the claims, which are not checked yet. The error is
    /// safe to show.
    pub async fn verify(&self, token: &str) -> Result<Arc<Claims>, &'static str> {
        if let Some(claims) = self.verified.claims(token, |by| self.are_there(by)) {
            return Ok(claims);
        }
        let header = decode_header(token).map_err(|_| "the bearer token is malformed")?;
        // Both ask for something that isn't done here (RFC 7515 §4.1.11).
        if header.crit.is_some() || header.zip.is_some() {
            return Err("the token needs an extension that is not known");
        }
        let wanted = Wanted { id: header.kid.as_deref(), algorithm: header.alg };
        if let Some(claims) = self.try_keys(token, &wanted)? {
            return Ok(claims);
        }
        // Apart: it is seldom needed, and large.
        let refreshed = async {
            for set in &self.remote {
                set.refresh(self.refresh_min).await;
            }
        };
        refreshed.boxed().await;
        self.try_keys(token, &wanted)?.ok_or("the token's key is not known")
    }

    /// Whether the keys are those that are taken now.
    fn are_there(&self, by: By) -> bool {
        match by {
            By::Fixed => true,
            By::Remote { set, generation } => self.remote.get(set).is_some_and(|set| set.generation() == generation),
        }
    }

    /// `None` when no key fits; an error when one does and the signature doesn't hold.
    fn try_keys(&self, token: &str, wanted: &Wanted<'_>) -> Result<Option<Arc<Claims>>, &'static str> {
        let fetched: Vec<_> = self.remote.iter().map(|set| set.fetched()).collect();
        let remote = fetched.iter().enumerate().flat_map(|(set, fetched)| {
            let by = By::Remote { set, generation: fetched.generation };
            fetched.keys.iter().map(move |key| (by, key))
        });
        let all = self.fixed.iter().map(|key| (By::Fixed, key)).chain(remote);
        let mut refused = false;
        for (by, key) in all.filter(|(_, key)| wanted.fits(key)).take(ATTEMPTS_MAX) {
            let mut validation = Validation::new(key.algorithm);
            // Only the signature here: the claims are checked against the gateway's own clock.
            validation.validate_exp = false;
            validation.validate_aud = false;
            validation.required_spec_claims.clear();
            match decode::<Claims>(token, &key.decoding, &validation) {
                Ok(decoded) => {
                    let claims = Arc::new(decoded.claims);
                    self.verified.holds(token, (&claims, by));
                    return Ok(Some(claims));
                }
                Err(_) => refused = true,
            }
        }
        match (refused, wanted.id) {
            (true, Some(_)) => Err("the token's signature does not hold"),
            _ => Ok(None),
        }
    }
}

/// What a token's header says of its key. The algorithm has to be the key's own.
struct Wanted<'a> {
    id: Option<&'a str>,
    algorithm: jsonwebtoken::Algorithm,
}

impl Wanted<'_> {
    fn fits(&self, key: &Key) -> bool {
        key.algorithm == self.algorithm && self.id.is_none_or(|id| key.id.as_deref() == Some(id))
    }
}

#[cfg(test)]
mod tests;
