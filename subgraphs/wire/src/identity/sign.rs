//! Signing identities: the router's side, and a calling service's.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::{
    AUDIENCE, GRANTS_MAX, Identity, IdentityError, LIFETIME_MAX_SECONDS, PublicKey, TOKEN_BYTES_MAX, TOKEN_TYPE,
    claims::Claims,
};

/// A private key that makes identity tokens. `Debug` shows the key id only.
#[derive(Clone)]
pub struct Signer {
    key: EncodingKey,
    header: Header,
    public_key: PublicKey,
}

impl Signer {
    /// A new random key.
    ///
    /// # Errors
    /// [`IdentityError::Key`] when the system gives no randomness.
    pub fn generate() -> Result<Self, IdentityError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| IdentityError::Key)?;
        let document = pair.to_pkcs8().map_err(|_| IdentityError::Key)?;
        Self::from_pkcs8_der(document.as_ref())
    }

    /// From PKCS#8 bytes, as [`Signer::generate`] and
    /// `openssl genpkey -algorithm ed25519 -outform DER` make.
    ///
    /// # Errors
    /// [`IdentityError::Key`] when they hold no Ed25519 key.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, IdentityError> {
        let pair = Ed25519KeyPair::from_pkcs8(der).map_err(|_| IdentityError::Key)?;
        let public_key = PublicKey::from_bytes(pair.public_key().as_ref())?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(public_key.key_id());
        Ok(Self { key: EncodingKey::from_ed_der(der), header, public_key })
    }

    /// From a `PRIVATE KEY` PEM block (PKCS#8).
    ///
    /// # Errors
    /// [`IdentityError::Key`] when it holds no Ed25519 key.
    pub fn from_pem(pem: &[u8]) -> Result<Self, IdentityError> {
        let key = EncodingKey::from_ed_pem(pem).map_err(|_| IdentityError::Key)?;
        Self::from_pkcs8_der(key.as_bytes())
    }

    /// What subgraphs need to trust this signer.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.public_key
    }

    /// The header's value for `identity`, good for
    /// [`LIFETIME_MAX_SECONDS`] from `now` (Unix seconds).
    ///
    /// # Errors
    /// [`IdentityError::Claims`] for more grants than a verifier reads, by number or in bytes,
    /// [`IdentityError::Signing`] when the token can't be made.
    pub fn sign(&self, identity: &Identity, now: u64) -> Result<String, IdentityError> {
        if identity.roles.len() > GRANTS_MAX || identity.scopes.len() > GRANTS_MAX {
            return Err(IdentityError::Claims);
        }
        let claims = Claims {
            iss: identity.issuer.wire_name(),
            aud: AUDIENCE.to_owned(),
            iat: now,
            exp: now.saturating_add(LIFETIME_MAX_SECONDS),
            sub: identity.subject.clone(),
            roles: identity.roles.clone(),
            scopes: identity.scopes.clone(),
        };
        let token = jsonwebtoken::encode(&self.header, &claims, &self.key).map_err(|_| IdentityError::Signing)?;
        if token.len() > TOKEN_BYTES_MAX { Err(IdentityError::Claims) } else { Ok(token) }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Signer").field("key_id", &self.header.kid).finish_non_exhaustive()
    }
}
