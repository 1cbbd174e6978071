//! Whom connections trust, and which versions of HTTP they offer.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::Verifier;

use crate::config::Http2;

/// Whom connections trust.
#[derive(Clone, Debug)]
pub struct Trust(ClientConfig);

impl Trust {
    /// The certificate authorities of the system.
    ///
    /// # Errors
    /// There are none.
    pub fn system() -> Result<Self, rustls::Error> {
        let provider = CryptoProvider::get_default().map(Arc::clone);
        let provider = provider.unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        let verifier = Arc::new(Verifier::new(Arc::clone(&provider))?);
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(Self(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()))
    }

    /// For connections that speak one version, or agree on one.
    pub fn offering(&self, http2: Http2) -> Arc<ClientConfig> {
        let mut config = self.0.clone();
        config.alpn_protocols = offered(http2);
        Arc::new(config)
    }
}

/// The names of versions that a connection offers (RFC 7301), the best first.
pub fn offered(http2: Http2) -> Vec<Vec<u8>> {
    match http2 {
        Http2::Negotiated => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        Http2::PriorKnowledge => vec![b"h2".to_vec()],
    }
}
