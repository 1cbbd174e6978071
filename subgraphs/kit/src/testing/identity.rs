//! Signed callers for tests.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use wire::identity::{Identity, Issuer, Signer, TrustedKey, Verifier};

use crate::subgraph::{Access, SdlAccess};

/// A router's and a service's key, and the access that trusts both.
pub struct TestIdentity {
    router: Signer,
    service: Signer,
    service_name: String,
}

impl TestIdentity {
    /// New keys; `service_name` is the calling service.
    #[must_use]
    pub fn new(service_name: &str) -> Self {
        Self {
            router: Signer::generate().expect("a router key"),
            service: Signer::generate().expect("a service key"),
            service_name: service_name.to_owned(),
        }
    }

    /// Access for both keys, the contract for signed callers only.
    #[must_use]
    pub fn access(&self) -> Access {
        let trusted = [(&self.router, Issuer::Router), (&self.service, Issuer::Service(self.service_name.clone()))];
        let trusted = trusted
            .into_iter()
            .map(|(signer, issuer)| TrustedKey { public_key: signer.public_key(), issuer })
            .collect();
        Access { verifier: Some(Arc::new(Verifier::new(trusted))), sdl_open: SdlAccess::Signed }
    }

    /// The service's key, for a client of its.
    #[must_use]
    pub fn into_service_signer(self) -> Arc<Signer> {
        Arc::new(self.service)
    }

    /// The header's value for `identity`, signed by whom it names.
    #[must_use]
    pub fn token(&self, identity: &Identity) -> String {
        let signer = match identity.issuer {
            Issuer::Router => &self.router,
            Issuer::Service(_) => &self.service,
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs();
        signer.sign(identity, now).expect("a signed identity")
    }
}
