//! The audit trail's words.

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, QueryableByName, Selectable};

use kit::{command::Request, event_store::Metadata};
use wire::{Domain, identity::Identity};

use super::UserId;

/// What was done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    ProfileChanged,
    PreferencesChanged,
    AddressAdded,
    AddressChanged,
    AddressRemoved,
    Blocked,
    Unblocked,
    DeletionRequested,
    DeletionRefused,
    /// The account's own data is gone.
    AccountErased,
    /// All domains have forgotten.
    DeletionCompleted,
}

impl Action {
    /// Its name in the database and in the graph.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProfileChanged => "PROFILE_CHANGED",
            Self::PreferencesChanged => "PREFERENCES_CHANGED",
            Self::AddressAdded => "ADDRESS_ADDED",
            Self::AddressChanged => "ADDRESS_CHANGED",
            Self::AddressRemoved => "ADDRESS_REMOVED",
            Self::Blocked => "BLOCKED",
            Self::Unblocked => "UNBLOCKED",
            Self::DeletionRequested => "DELETION_REQUESTED",
            Self::DeletionRefused => "DELETION_REFUSED",
            Self::AccountErased => "ACCOUNT_ERASED",
            Self::DeletionCompleted => "DELETION_COMPLETED",
        }
    }
}

/// Who does something, through whom, and by which message. Ids alone, never a name or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// A user's global id, or `service:<name>`.
    pub actor: String,
    /// `router`, `service:<name>` or `commands:<domain>`.
    pub origin: String,
    /// The matter, if it is a saga's.
    pub correlation: Option<String>,
    /// The message that brought it about, if it was one.
    pub cause: Option<String>,
    /// The span in which it happens, as W3C Trace Context writes it.
    pub traceparent: Option<String>,
}

impl Author {
    /// Who calls, and who vouches for that: a user by global id, or else a service.
    #[must_use]
    pub fn calling(identity: &Identity) -> Self {
        let origin = identity.issuer.wire_name();
        let actor = identity.subject.clone().unwrap_or_else(|| origin.clone());
        Self { actor, origin, correlation: None, cause: None, traceparent: None }
    }

    /// Who asks by a command.
    #[must_use]
    pub fn asking(request: &Request) -> Self {
        Self {
            actor: request.actor.clone().unwrap_or_else(|| format!("service:{}", request.sender)),
            origin: format!("commands:{}", request.sender),
            correlation: Some(request.correlation.clone()),
            cause: Some(request.id.to_string()),
            traceparent: request.traceparent.clone(),
        }
    }
}

impl Author {
    /// Who wanted a deletion that goes on by itself.
    #[must_use]
    pub fn deleting(metadata: &Metadata) -> Self {
        Self {
            actor: metadata.actor.clone().unwrap_or_else(|| format!("service:{}", Domain::Users)),
            origin: format!("commands:{}", Domain::Users),
            correlation: metadata.correlation_id.clone(),
            cause: metadata.causation_id.clone(),
            traceparent: metadata.traceparent.clone(),
        }
    }

    /// For what comes about by what is done.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        Metadata {
            correlation_id: self.correlation.clone(),
            causation_id: self.cause.clone(),
            actor: Some(self.actor.clone()),
            traceparent: self.traceparent.clone(),
        }
    }
}

/// A line of an account's trail, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = crate::schema::audit_trail, check_for_backend(diesel::pg::Pg))]
pub struct AuditEntry {
    /// Later lines have greater ones.
    pub id: i64,
    pub user_id: UserId,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub origin: String,
    pub action: String,
    pub about: Option<String>,
    pub fields: Vec<String>,
}
