//! Demonstration tokens for the seeded administrator and customer, as an identity provider would issue them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::GlobalId as _;
use serde::Serialize;
use users::UserId;

use super::keys::Pair;
use crate::failure::Failure;

/// The claim `iss` of demonstration tokens.
pub const ISSUER: &str = "supergraph-dev";
/// The claim `aud` of demonstration tokens.
pub const AUDIENCE: &str = "supergraph";
/// A working week and a weekend: pasted tokens survive it, forgotten ones don't live for ever.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: String,
    iat: u64,
    exp: u64,
    roles: &'a [&'a str],
}

/// Both tokens.
pub struct Tokens {
    /// The seeded customer's.
    pub customer: String,
    /// The seeded administrator's.
    pub administrator: String,
}

/// Issues both, valid from now.
pub fn issue(key: &Pair) -> Result<Tokens, Failure> {
    let encoding = EncodingKey::from_ed_pem(&key.private_pem).map_err(Failure::environment)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(key.public.key_id());
    let token = |number, roles: &[&str]| {
        let sub = UserId::from_uuid(kit::seed::user_id(number)).to_global();
        let claims = Claims { iss: ISSUER, aud: AUDIENCE, sub, iat: now, exp: now + LIFETIME.as_secs(), roles };
        jsonwebtoken::encode(&header, &claims, &encoding).map_err(Failure::environment)
    };
    Ok(Tokens {
        customer: token(kit::seed::CUSTOMER, &[])?,
        administrator: token(kit::seed::ADMINISTRATOR, &["administrator"])?,
    })
}
