//! Believing an identity: the subgraph's side.
//!
//! Nothing in the token chooses how it is checked: algorithm, type, audience
//! and what each key may claim are fixed here.

mod believed;

use std::{collections::HashMap, fmt, sync::Arc};

use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use self::believed::Believed;
use super::{
    AUDIENCE, GRANTS_MAX, Identity, IdentityError, Issuer, LEEWAY_SECONDS, LIFETIME_MAX_SECONDS, PublicKey, Role,
    TOKEN_BYTES_MAX, TOKEN_TYPE, claims::Claims,
};

/// A key that a subgraph believes, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// The issuer's public key.
    pub public_key: PublicKey,
    /// The only issuer that this key may sign for.
    pub issuer: Issuer,
}

/// Checks identity tokens against a fixed set of keys; cheap to clone. `Debug`
/// shows the keys' ids only.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<HashMap<String, (DecodingKey, Issuer)>>,
    validation: Validation,
    believed: Arc<Believed>,
}

/// From when to when a token is good, in Unix seconds.
#[derive(Debug, Clone, Copy)]
struct Lifetime {
    issued: u64,
    expires: u64,
}

impl Verifier {
    /// A verifier that believes exactly `trusted`.
    #[must_use]
    pub fn new(trusted: Vec<TrustedKey>) -> Self {
        let keys: HashMap<_, _> = trusted
            .into_iter()
            .map(|key| {
                let entry = (key.public_key.decoding_key(), key.issuer);
                (key.public_key.key_id(), entry)
            })
            .collect();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // Times are checked below, against the caller's clock.
        validation.validate_exp = false;
        Self { keys: Arc::new(keys), validation, believed: Arc::default() }
    }

    /// The identity that `token` carries, at `now` (Unix seconds).
    ///
    /// # Errors
    /// The reason why the token isn't believed.
    pub fn verify(&self, token: &str, now: u64) -> Result<Identity, IdentityError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(IdentityError::Malformed);
        }
        if let Some(identity) = self.believed.get(token, now) {
            return Ok(identity);
        }
        let (key, issuer) = self.key_for(token)?;
        let claims =
            jsonwebtoken::decode::<Claims>(token, key, &self.validation).map_err(|error| decode_error(&error))?.claims;
        let lifetime = Lifetime { issued: claims.iat, expires: claims.exp };
        check_times(lifetime, now)?;
        check_claims(&claims, issuer)?;
        let identity =
            Identity { subject: claims.sub, roles: claims.roles, scopes: claims.scopes, issuer: issuer.clone() };
        self.believed.keep(token, &identity, lifetime, now);
        Ok(identity)
    }

    fn key_for(&self, token: &str) -> Result<&(DecodingKey, Issuer), IdentityError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| IdentityError::Malformed)?;
        let is_ours = header.alg == Algorithm::EdDSA
            && header.typ.as_deref() == Some(TOKEN_TYPE)
            // An extension that must be understood (RFC 7515, 4.1.11): none is.
            && header.crit.is_none();
        if !is_ours {
            return Err(IdentityError::WrongKind);
        }
        header.kid.and_then(|key_id| self.keys.get(&key_id)).ok_or(IdentityError::UnknownKey)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut keys: Vec<&String> = self.keys.keys().collect();
        keys.sort();
        formatter.debug_struct("Verifier").field("keys", &keys).finish_non_exhaustive()
    }
}

fn decode_error(error: &jsonwebtoken::errors::Error) -> IdentityError {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => IdentityError::Signature,
        ErrorKind::InvalidAudience | ErrorKind::InvalidAlgorithm => IdentityError::WrongKind,
        _ => IdentityError::Malformed,
    }
}

fn check_times(lifetime: Lifetime, now: u64) -> Result<(), IdentityError> {
    if lifetime.expires.saturating_add(LEEWAY_SECONDS) <= now {
        return Err(IdentityError::Expired);
    }
    let from_the_future = lifetime.issued > now.saturating_add(LEEWAY_SECONDS);
    let lives_too_long = lifetime.expires.saturating_sub(lifetime.issued) > LIFETIME_MAX_SECONDS;
    if from_the_future || lives_too_long {
        return Err(IdentityError::Times);
    }
    Ok(())
}

/// The router speaks for users and never as a service; a service speaks for
/// itself and never for a user, let alone an administrator.
fn check_claims(claims: &Claims, issuer: &Issuer) -> Result<(), IdentityError> {
    let may_claim = match issuer {
        Issuer::Router => !claims.roles.contains(&Role::Service),
        Issuer::Service(_) => claims.sub.is_none() && claims.roles.iter().all(|role| *role == Role::Service),
    };
    let bounded = claims.roles.len() <= GRANTS_MAX && claims.scopes.len() <= GRANTS_MAX;
    if claims.iss != issuer.wire_name() || !may_claim || !bounded {
        return Err(IdentityError::Claims);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
