//! Signatures of the Standard Webhooks specification: HMAC-SHA256 over `<id>.<timestamp>.<body>`, as `v1,<base64>`.

use aws_lc_rs::{
    hmac::{self, HMAC_SHA256},
    rand,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Bytes of a new secret; the specification asks for 24 to 64.
const SECRET_BYTES: usize = 32;
/// What stands before a secret where people see it.
const PREFIX: &str = "whsec_";

/// A webhook's secret. Never shown by `Debug`.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// A new secret; `None` when the system gives no randomness.
    #[must_use]
    pub fn generate() -> Option<Self> {
        let mut secret = vec![0; SECRET_BYTES];
        rand::fill(&mut secret).ok()?;
        Some(Self(secret))
    }

    /// A secret that was kept.
    #[must_use]
    pub fn from_bytes(secret: Vec<u8>) -> Self {
        Self(secret)
    }

    /// What is kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The form in which its owner gets it: `whsec_<base64>`.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The signature's header.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let key = hmac::Key::new(HMAC_SHA256, &self.0);
        let mut context = hmac::Context::with_key(&key);
        context.update(format!("{id}.{timestamp}.").as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign().as_ref()))
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_specifications_libraries_do() {
        // The vector that the specification's own libraries test themselves by.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let key = SigningKey::from_bytes(secret);
        assert_eq!(key.shown(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signature = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_new_each_time_and_never_shown_by_accident() {
        let (one, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        assert_ne!(one.as_bytes(), other.as_bytes());
        assert_eq!(format!("{one:?}"), "SigningKey(…)");
    }
}
