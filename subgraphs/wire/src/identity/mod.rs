//! The signed identity that the router, or a calling service, hands to a
//! subgraph in one header.
//!
//! The token is a JWT (RFC 7519) signed with Ed25519, lives at most
//! [`LIFETIME_MAX_SECONDS`] and is addressed to subgraphs alone. Every issuer
//! has a key of its own and a subgraph holds public keys only: a stolen
//! subgraph can mint nothing, and a stolen service key can't speak for a user.
//!
//! It must never read a clock or a file, nor show key material in `Debug`.

mod claims;
mod error;
mod key;
mod sign;
mod verify;

pub use claims::{Identity, Issuer, Role};
pub use error::IdentityError;
pub use key::PublicKey;
pub use sign::Signer;
pub use verify::{TrustedKey, Verifier};

/// The one header that carries an identity token.
pub const IDENTITY_HEADER: &str = "supergraph-identity";
/// The `typ` of an identity token, so that no other JWT passes for one.
pub const TOKEN_TYPE: &str = "supergraph-identity+jwt";
/// The `aud` of an identity token.
pub const AUDIENCE: &str = "supergraph-subgraphs";
/// The longest life that a verifier accepts: one slow request, no more.
pub const LIFETIME_MAX_SECONDS: u64 = 60;
/// How far two machines' clocks may differ.
pub const LEEWAY_SECONDS: u64 = 5;
/// The largest token read; real ones are about 500 bytes.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;
/// The most roles, and the most scopes, that one identity may carry.
pub const GRANTS_MAX: usize = 256;
