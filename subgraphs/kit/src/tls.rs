//! TLS towards a service's stores: the server's certificate and name are always checked, against a PEM file's roots or the
//! system's. Encryption to an unknown server protects nothing.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

/// Why no TLS configuration can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The file with the roots can't be read, or holds something else.
    #[error("{file}: {reason}")]
    Roots {
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Neither the file nor the system has a root.
    #[error("no root certificates to check the server's by")]
    NoRoots,
    /// The versions of TLS that we speak aren't those of the cryptography that we have.
    #[error("TLS can't be set up")]
    Setup(#[from] rustls::Error),
}

/// A configuration that trusts the roots in `file`, or the system's. The provider of cryptography is named: whoever builds
/// with two of them has no default one.
///
/// # Errors
/// [`TlsError`].
pub fn client_config(file: Option<&Path>) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots(file)?)
        .with_no_client_auth();
    Ok(client)
}

fn roots(file: Option<&Path>) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = file {
        let refused = |reason: String| TlsError::Roots { file: file.display().to_string(), reason };
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| refused(error.to_string()))? {
            let certificate = certificate.map_err(|error| refused(error.to_string()))?;
            roots.add(certificate).map_err(|error| refused(error.to_string()))?;
        }
    } else {
        // Systems hold odd certificates too; those that parse count.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() { Err(TlsError::NoRoots) } else { Ok(roots) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_roots_is_refused() {
        let missing = client_config(Some(Path::new("/nowhere/ca.pem")));
        assert!(matches!(missing, Err(TlsError::Roots { .. })));
        let empty = client_config(Some(Path::new("/dev/null")));
        assert!(matches!(empty, Err(TlsError::NoRoots)));
    }
}
