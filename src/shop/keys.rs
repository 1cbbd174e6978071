//! Keys that are made once and kept in a data folder, so that tokens outlive a restart.
//!
//! The router's signs identities for subgraphs, a service's its own calls of other services, and `clients` signs the demonstration
//! tokens that clients send. The public halves lie beside them, for the split form.

use std::path::PathBuf;
use std::sync::Arc;

use aws_lc_rs::signature::Ed25519KeyPair;
use indexmap::IndexMap;
use kit::{Access, SdlAccess};
use wire::identity::{Issuer, PublicKey, Signer, TrustedKey, Verifier};

use super::{Service, pem};
use crate::data_folder::DataFolder;
use crate::failure::Failure;

/// One pair.
pub struct Pair {
    /// The private key in PEM.
    pub private_pem: Vec<u8>,
    /// The public key.
    pub public: PublicKey,
    /// Where the private key is kept.
    pub private_file: PathBuf,
}

/// All of them.
pub struct Keys {
    /// Signs identities for subgraphs.
    pub router: Pair,
    /// Each signs its service's calls of others.
    services: IndexMap<Service, Pair>,
    /// Signs demonstration tokens.
    pub clients: Pair,
    /// The key set that verifies demonstration tokens.
    pub clients_jwks_file: PathBuf,
}

impl Keys {
    /// Reads the data folder's keys, making what is missing.
    pub fn read_or_make(folder: &DataFolder) -> Result<Self, Failure> {
        let clients = pair(folder, "clients")?;
        let jwks = serde_json::json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
            "kid": clients.public.key_id(), "x": clients.public.to_base64url(),
        }] });
        let clients_jwks_file = folder.put("keys/clients.jwks.json", jwks.to_string().as_bytes())?;
        let mut services = IndexMap::new();
        for service in Service::all() {
            services.insert(service, pair(folder, service.name())?);
        }
        Ok(Self { router: pair(folder, "router")?, services, clients, clients_jwks_file })
    }

    /// A service's own.
    pub fn of(&self, service: Service) -> Result<&Pair, Failure> {
        self.services.get(&service).ok_or_else(|| Failure::environment(format!("{} has no key", service.name())))
    }

    /// What in-process subgraphs believe: the router, and each service as itself.
    pub fn access(&self) -> Access {
        let services = self.services.iter().map(|(service, pair)| TrustedKey {
            public_key: pair.public,
            issuer: Issuer::Service(service.name().to_owned()),
        });
        let router = TrustedKey { public_key: self.router.public, issuer: Issuer::Router };
        let trusted = std::iter::once(router).chain(services).collect();
        Access { verifier: Some(Arc::new(Verifier::new(trusted))), sdl_open: SdlAccess::Open }
    }
}

impl Pair {
    /// Signs identity tokens with it.
    pub fn signer(&self) -> Result<Signer, Failure> {
        Signer::from_pem(&self.private_pem).map_err(|error| unusable(&self.private_file, &error))
    }
}

fn pair(folder: &DataFolder, name: &str) -> Result<Pair, Failure> {
    let private_name = format!("keys/{name}.pem");
    let private_pem = folder.secret(&private_name, make)?;
    let private_file = folder.path().join(private_name);
    let signer = Signer::from_pem(&private_pem).map_err(|error| unusable(&private_file, &error))?;
    let public = signer.public_key();
    folder.put(&format!("keys/{name}.public.pem"), pem::public(&public).as_bytes())?;
    Ok(Pair { private_pem, public, private_file })
}

fn make() -> Result<Vec<u8>, Failure> {
    let failed = |_| Failure::environment("cannot make a key: the system gives no randomness");
    let pair = Ed25519KeyPair::generate().map_err(failed)?;
    let document = pair.to_pkcs8v1().map_err(failed)?;
    Ok(pem::private(document.as_ref()).into_bytes())
}

fn unusable(file: &std::path::Path, error: &dyn std::error::Error) -> Failure {
    Failure::environment(format!(
        "cannot use the key in {}: {error}; remove the file to have it made anew",
        file.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_outlive_a_restart_and_their_public_halves_can_be_read_back() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(Some(place.path().to_owned())).unwrap();
        let keys = Keys::read_or_make(&folder).unwrap();
        let again = Keys::read_or_make(&folder).unwrap();
        assert_eq!(keys.router.public, again.router.public);
        assert_ne!(keys.router.public, keys.of(Service::Orders).unwrap().public);
        let public = std::fs::read(place.path().join("keys/router.public.pem")).unwrap();
        assert_eq!(PublicKey::from_pem(&public).unwrap(), keys.router.public);
    }
}
