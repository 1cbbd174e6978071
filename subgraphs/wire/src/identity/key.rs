//! A public Ed25519 key and the id that names it in tokens.

use std::fmt;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;

use super::IdentityError;

/// The 32 bytes of an Ed25519 public key (RFC 8032).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// From the raw 32 bytes.
    ///
    /// # Errors
    /// [`IdentityError::Key`] for another length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, IdentityError> {
        <[u8; 32]>::try_from(bytes).map(Self).map_err(|_| IdentityError::Key)
    }

    /// From a `PUBLIC KEY` PEM block (`SubjectPublicKeyInfo`, RFC 8410).
    ///
    /// # Errors
    /// [`IdentityError::Key`] when it isn't one.
    pub fn from_pem(pem: &[u8]) -> Result<Self, IdentityError> {
        let key = DecodingKey::from_ed_pem(pem).map_err(|_| IdentityError::Key)?;
        Self::from_bytes(key.try_get_as_bytes().map_err(|_| IdentityError::Key)?)
    }

    /// The key as base64url without padding.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The `kid` of tokens signed by this key: the JWK thumbprint (RFC 7638,
    /// RFC 8037), so that both sides derive it alone.
    #[must_use]
    pub fn key_id(&self) -> String {
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.to_base64url());
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, jwk.as_bytes()))
    }

    pub(super) fn decoding_key(&self) -> DecodingKey {
        DecodingKey::from_ed_der(&self.0)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.to_base64url())
    }
}
