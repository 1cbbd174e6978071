//! Why an identity couldn't be signed or isn't believed.

use thiserror::Error;

/// The reasons are for logs; a caller learns only that it is unauthenticated.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityError {
    /// The bytes are no Ed25519 key of the expected form.
    #[error("the key isn't an Ed25519 key in PKCS#8 or SubjectPublicKeyInfo form")]
    Key,
    /// The token couldn't be made.
    #[error("the identity can't be signed")]
    Signing,
    /// The token is larger than [`super::TOKEN_BYTES_MAX`] or no JWT at all.
    #[error("the identity token is malformed")]
    Malformed,
    /// Another algorithm, type or audience.
    #[error("the token isn't an identity token for subgraphs")]
    WrongKind,
    /// No trusted key has the token's key id.
    #[error("the identity token's key isn't trusted")]
    UnknownKey,
    /// The signature doesn't hold.
    #[error("the identity token's signature doesn't hold")]
    Signature,
    /// Past its end.
    #[error("the identity token has expired")]
    Expired,
    /// Issued in the future, or for longer than is allowed.
    #[error("the identity token's times aren't acceptable")]
    Times,
    /// The key signed something that it may not say.
    #[error("the identity token claims what its key may not")]
    Claims,
}
