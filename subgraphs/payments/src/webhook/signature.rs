//! Stripe's signature scheme: `Stripe-Signature: t=<Unix seconds>,v1=<hex of HMAC-SHA256 over "t.body">`.
//!
//! <https://docs.stripe.com/webhooks#verify-manually>. There may be several `v1`, and we may have several secrets, while one is
//! exchanged for another. Comparing takes the same time whatever is compared.

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use chrono::{DateTime, Utc};

/// The header.
pub const HEADER: &str = "stripe-signature";
/// How old a webhook may be, and how far ahead a clock, in seconds: what Stripe's own libraries allow. Who records one can send
/// it again for no longer than that, and the inbox knows it for longer.
pub const TOLERANCE_SECONDS: i64 = 300;
/// Signatures of one header that are looked at: two secrets at once are usual while one is exchanged.
const SIGNATURES_MAX: usize = 8;
/// Bytes of a header that is looked at: eight signatures of 64 digits and some names.
const HEADER_BYTES_MAX: usize = 1024;

/// What the provider and we share, and nobody else. Never shown.
#[derive(Clone)]
pub struct Secret(Key);

impl Secret {
    /// From its text as Stripe shows it: `whsec_…`, all of which is the key.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Key::new(HMAC_SHA256, text.as_bytes()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret")
    }
}

/// Why a webhook isn't believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header isn't as the scheme has it.
    #[error("the signature's header can't be read")]
    Malformed,
    /// No signature holds by any secret.
    #[error("no signature holds")]
    Mismatch,
    /// It is too old, or of the future.
    #[error("the signature is more than {TOLERANCE_SECONDS} seconds away")]
    Stale,
}

/// Whether `body` comes from who knows one of `secrets`, and was signed about now.
///
/// # Errors
/// [`SignatureError`].
pub fn verify(header: &str, body: &[u8], secrets: &[Secret], now: DateTime<Utc>) -> Result<(), SignatureError> {
    let (timestamp, signatures) = parse(header)?;
    let signed = payload(timestamp, body);
    let holds = |signature: &[u8; 32]| secrets.iter().any(|secret| hmac::verify(&secret.0, &signed, signature).is_ok());
    if !signatures.iter().any(holds) {
        return Err(SignatureError::Mismatch);
    }
    // Only now: who can't sign learns nothing of our clock.
    let age = now.timestamp().checked_sub(timestamp).ok_or(SignatureError::Stale)?;
    if age.unsigned_abs() > TOLERANCE_SECONDS.unsigned_abs() { Err(SignatureError::Stale) } else { Ok(()) }
}

/// The header that a provider sends with `body`.
#[must_use]
pub fn sign(body: &[u8], secret: &Secret, now: DateTime<Utc>) -> String {
    let timestamp = now.timestamp();
    let tag = hmac::sign(&secret.0, &payload(timestamp, body));
    let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={timestamp},v1={digits}")
}

fn payload(timestamp: i64, body: &[u8]) -> Vec<u8> {
    let mut payload = format!("{timestamp}.").into_bytes();
    payload.extend_from_slice(body);
    payload
}

/// The time and all signatures of the scheme `v1`; others, as the test mode's `v0`, are passed over.
fn parse(header: &str) -> Result<(i64, Vec<[u8; 32]>), SignatureError> {
    if header.len() > HEADER_BYTES_MAX {
        return Err(SignatureError::Malformed);
    }
    let (mut timestamp, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) if timestamp.is_none() => timestamp = value.parse().ok(),
            Some(("t", _)) | None => return Err(SignatureError::Malformed),
            Some(("v1", value)) if signatures.len() < SIGNATURES_MAX => {
                signatures.push(digits(value).ok_or(SignatureError::Malformed)?);
            }
            Some(_) => {}
        }
    }
    let timestamp = timestamp.ok_or(SignatureError::Malformed)?;
    if signatures.is_empty() { Err(SignatureError::Malformed) } else { Ok((timestamp, signatures)) }
}

/// 64 hexadecimal digits.
fn digits(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}
