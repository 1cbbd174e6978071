//! Ed25519 keys as PEM: the private one in PKCS#8 (RFC 5958), the public one as SubjectPublicKeyInfo (RFC 8410).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use wire::identity::PublicKey;

/// What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo: two sequences, the algorithm's id, a bit string.
const PUBLIC_KEY_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A private key.
pub fn private(pkcs8: &[u8]) -> String {
    encode("PRIVATE KEY", pkcs8)
}

/// A public key.
pub fn public(key: &PublicKey) -> String {
    // Its own text form decodes by construction; were it empty, whoever reads the file would refuse it.
    let bytes = URL_SAFE_NO_PAD.decode(key.to_base64url()).unwrap_or_default();
    encode("PUBLIC KEY", &[PUBLIC_KEY_PREFIX.as_slice(), &bytes].concat())
}

fn encode(label: &str, der: &[u8]) -> String {
    // RFC 7468: lines of 64 characters.
    let body: Vec<char> = STANDARD.encode(der).chars().collect();
    let lines: Vec<String> = body.chunks(64).map(|line| line.iter().collect()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
