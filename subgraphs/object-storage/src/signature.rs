//! What makes a link to a folder's object one of ours.

use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::objects::ObjectKey;

/// HMAC-SHA256 under a key of this process.
pub(crate) struct Signatures(hmac::Key);

/// What is signed: all that a link says.
pub(crate) struct Signed<'a> {
    pub key: &'a ObjectKey,
    /// Unix seconds from which on it opens nothing.
    pub expires: i64,
    /// What the file is called.
    pub name: &'a str,
}

impl Signatures {
    /// Under a new key; `None` if the system gives no randomness.
    pub(crate) fn generate() -> Option<Self> {
        let mut secret = [0_u8; 32];
        rand::fill(&mut secret).ok()?;
        Some(Self(hmac::Key::new(hmac::HMAC_SHA256, &secret)))
    }

    pub(crate) fn sign(&self, signed: &Signed<'_>) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, signed.text().as_bytes()))
    }

    /// Whether we signed it. Takes as long for any signature.
    pub(crate) fn is_ours(&self, signed: &Signed<'_>, signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        hmac::verify(&self.0, signed.text().as_bytes(), &signature).is_ok()
    }
}

impl Signed<'_> {
    /// No part but the last can hold a line break: so two links never sign the same text.
    fn text(&self) -> String {
        format!("object\n{}\n{}\n{}", self.key, self.expires, self.name)
    }
}
