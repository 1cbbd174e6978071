//! Whose calls a subgraph answers.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use wire::identity::{Identity, IdentityError, Verifier};

/// Whose calls a subgraph answers.
#[derive(Debug, Clone)]
pub struct Access {
    /// Believes identities; without one no call is believed.
    pub verifier: Option<Arc<Verifier>>,
    /// Who may read the contract.
    pub sdl_open: SdlAccess,
}

/// Who may read `_service { sdl }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SdlAccess {
    /// Anyone that reaches the subgraph, for composition in development.
    Open,
    /// Signed callers only.
    Signed,
}

impl Access {
    /// Access for no caller; enough to print a schema.
    #[must_use]
    pub fn closed() -> Self {
        Self { verifier: None, sdl_open: SdlAccess::Signed }
    }

    /// The identity of a call that carries `token`; `None` isn't believed.
    pub(crate) fn identify(&self, token: Option<&str>) -> Option<Identity> {
        let verifier = self.verifier.as_ref()?;
        match verifier.verify(token?, now_unix_seconds()) {
            Ok(identity) => Some(identity),
            Err(reason) => {
                log_refusal(&reason);
                None
            }
        }
    }
}

fn log_refusal(reason: &IdentityError) {
    tracing::warn!(%reason, "an identity isn't believed");
}

fn now_unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}
