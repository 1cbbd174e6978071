//! The section `identity`: who the caller is, and how subgraphs are told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SecretSource;

/// Who the caller is, and how subgraphs are told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// How bearer tokens are verified.
    pub jwt: Jwt,
    /// The Ed25519 key, as PEM in PKCS#8, that signs the identity subgraphs receive. Without it no identity header is sent.
    pub signing_key: SecretSource,
}

/// How bearer tokens are verified. Without any key set every caller is anonymous.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Jwt {
    /// Key sets (RFC 7517); a token may be signed by a key of any of them.
    pub jwks: Vec<Jwks>,
    /// Accepted values of the claim `iss`; none accepts any.
    pub issuers: Vec<String>,
    /// Accepted values of the claim `aud`; none accepts any.
    pub audiences: Vec<String>,
    /// Accepted signature algorithms. A key is used only with the algorithm that its kind has.
    pub algorithms: Vec<JwtAlgorithm>,
    /// Seconds by which clocks may differ when `exp` and `nbf` are checked.
    #[schemars(range(min = 0, max = 600))]
    pub clock_skew_s: u64,
    /// The claim that lists the caller's roles.
    pub roles_claim: String,
    /// Seconds after which a key set from a URL is fetched again, in the background.
    #[schemars(range(min = 10, max = 86_400))]
    pub refresh_s: u64,
    /// Least seconds between two fetches because of a token whose key is unknown: made-up keys must not make traffic.
    #[schemars(range(min = 1, max = 3_600))]
    pub refresh_min_s: u64,
    /// Milliseconds that fetching a key set may take.
    #[schemars(range(min = 1, max = 60_000))]
    pub timeout_ms: u64,
}

impl Default for Jwt {
    fn default() -> Self {
        Self {
            jwks: Vec::new(),
            issuers: Vec::new(),
            audiences: Vec::new(),
            algorithms: vec![JwtAlgorithm::RS256, JwtAlgorithm::ES256, JwtAlgorithm::EdDSA],
            clock_skew_s: 30,
            roles_claim: "roles".into(),
            refresh_s: 300,
            refresh_min_s: 10,
            timeout_ms: 5_000,
        }
    }
}

/// One key set: a file or a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Jwks {
    /// Path of a JSON file, read at the start.
    pub file: Option<String>,
    /// URL of a JSON document, fetched at the start and again from time to time.
    pub url: Option<String>,
}

/// A signature algorithm of RFC 7518 and RFC 8037. There is neither `none` nor a symmetric one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum JwtAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    EdDSA,
}
