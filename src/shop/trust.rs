//! The keys by which a service knows its callers, and is known.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit::{Access, SdlAccess};
use wire::identity::{Issuer, PublicKey, Signer, TrustedKey, Verifier};

use super::Service;
use crate::failure::Failure;

/// Arguments that say whose calls are believed.
#[derive(Debug, clap::Args)]
pub struct Trust {
    /// The router's public key in PEM (Ed25519); may be given more than once, for changing keys
    #[arg(long, value_name = "FILE", env = "SUPERGRAPH_TRUST_ROUTER", value_delimiter = ',')]
    trust_router: Vec<PathBuf>,
    /// A calling service's public key in PEM, as NAME=FILE; may be given more than once
    #[arg(long, value_name = "NAME=FILE", env = "SUPERGRAPH_TRUST_SERVICE", value_delimiter = ',')]
    trust_service: Vec<String>,
}

/// Arguments that say by which keys services sign their calls.
#[derive(Debug, clap::Args)]
pub struct SigningKeys {
    /// The private key in PEM that signs a service's calls of others: FILE, or NAME=FILE where several services work in one process
    #[arg(long, value_name = "NAME=FILE", env = "SUPERGRAPH_SIGNING_KEY", value_delimiter = ',')]
    signing_key: Vec<String>,
}

impl Trust {
    /// Whether a router is believed.
    pub fn has_router(&self) -> bool {
        !self.trust_router.is_empty()
    }

    /// Who is let in.
    pub fn access(&self, open_schema: bool) -> Result<Access, Failure> {
        let mut trusted = Vec::new();
        for file in &self.trust_router {
            trusted.push(TrustedKey { public_key: public_key(file)?, issuer: Issuer::Router });
        }
        for entry in &self.trust_service {
            let (name, file) = entry.split_once('=').ok_or_else(|| {
                Failure::environment(format!(
                    "--trust-service {entry} is no NAME=FILE; write it as orders=orders.public.pem"
                ))
            })?;
            let issuer = Issuer::Service(name.to_owned());
            trusted.push(TrustedKey { public_key: public_key(Path::new(file))?, issuer });
        }
        let sdl_open = if open_schema { SdlAccess::Open } else { SdlAccess::Signed };
        Ok(Access { verifier: Some(Arc::new(Verifier::new(trusted))), sdl_open })
    }
}

impl SigningKeys {
    /// A service's own key, if it has one.
    fn of(&self, service: Service) -> Result<Option<Signer>, Failure> {
        let own = |entry: &String| match entry.split_once('=') {
            Some((name, file)) => (name == service.name()).then(|| PathBuf::from(file)),
            None => Some(PathBuf::from(entry)),
        };
        let Some(file) = self.signing_key.iter().find_map(own) else { return Ok(None) };
        Signer::from_pem(&read(&file)?).map(Some).map_err(|error| unusable(&file, &error.to_string()))
    }

    /// By what a service signs its calls: its own key; or one of no use, since nobody trusts it, with a warning of what is `lost`. The
    /// rest of the service works.
    pub fn signer(&self, service: Service, lost: &str) -> Result<Arc<Signer>, Failure> {
        let signer = match self.of(service)? {
            Some(signer) => signer,
            None => {
                tracing::warn!(service = service.name(), "no --signing-key: {lost}");
                Signer::generate().map_err(Failure::environment)?
            }
        };
        Ok(Arc::new(signer))
    }
}

fn public_key(file: &Path) -> Result<PublicKey, Failure> {
    PublicKey::from_pem(&read(file)?).map_err(|error| unusable(file, &error.to_string()))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::path("read", file, &error, "name a key file in PEM"))
}

fn unusable(file: &Path, reason: &str) -> Failure {
    Failure::environment(format!("cannot use the key in {}: {reason}; give an Ed25519 key in PEM", file.display()))
}
