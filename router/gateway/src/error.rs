//! Why a gateway can't be made or can't serve. For people who run it; clients see [`Refusal`](crate::refusal::Refusal)s.

/// A fault of configuration or of the machine, met before any request.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// A file named by the configuration can't be read.
    #[error("cannot read {key} from {path}")]
    File {
        /// The configuration key.
        key: &'static str,
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// An environment variable named by the configuration isn't set.
    #[error("{key} names the environment variable {variable}, which is not set")]
    Environment {
        /// The configuration key.
        key: &'static str,
        /// The variable.
        variable: String,
    },
    /// The key that signs identities isn't an Ed25519 key.
    #[error("identity.signing_key holds no Ed25519 private key in PEM (PKCS#8)")]
    SigningKey,
    /// A key set isn't one.
    #[error("the key set {origin} is malformed: {message}")]
    Jwks {
        /// The file or URL.
        origin: String,
        /// What is wrong.
        message: String,
    },
    /// A new key set can't be fetched, which may pass by itself.
    #[error("the key set {url} cannot be fetched; the log has the reason")]
    JwksUnreachable {
        /// Where it should be.
        url: String,
    },
    /// A configured value that no schema can check.
    #[error("{key} is not valid: {message}")]
    Value {
        /// The configuration key.
        key: String,
        /// What is wrong.
        message: String,
    },
    /// GraphiQL's files aren't those that this release knows.
    #[error("{path} is not the file of {package} {version}; run npm install {package}@{version}")]
    GraphiqlAsset {
        /// The file.
        path: String,
        /// The package.
        package: &'static str,
        /// The version that is known.
        version: &'static str,
    },
    /// Work on a new generation broke off.
    #[error("preparing what is to be served broke off")]
    Unfinished,
    /// There is nobody to trust for encrypted connections.
    #[error("cannot make encrypted connections")]
    Tls(#[source] rustls::Error),
    /// The HTTP client can't be made.
    #[error("cannot make an HTTP client")]
    HttpClient(#[source] reqwest::Error),
}
