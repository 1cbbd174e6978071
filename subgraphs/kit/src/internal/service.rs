//! Which service calls.

use axum::{extract::FromRequestParts, http::request::Parts};
use wire::{
    codes,
    identity::{Identity, Issuer, Role},
};

use super::Problem;

/// The service that calls, by its own signed identity. An extractor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallingService {
    name: String,
}

impl CallingService {
    /// The service that an identity names; `None` for users, and for services that speak for one.
    pub(super) fn of(identity: &Identity) -> Option<Self> {
        match &identity.issuer {
            Issuer::Service(name) if identity.has_role(&Role::Service) && identity.subject.is_none() => {
                Some(Self { name: name.clone() })
            }
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<S: Sync> FromRequestParts<S> for CallingService {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Put there by the guard; outside of it nobody is believed.
        let refused = || {
            let detail = "Only signed calls of services are answered";
            Problem::new(axum::http::StatusCode::UNAUTHORIZED, codes::UNAUTHENTICATED, detail)
        };
        parts.extensions.get::<Self>().cloned().ok_or_else(refused)
    }
}
