//! `AuditEntry`.

use async_graphql::Object;
use chrono::{DateTime, Utc};
use kit::PageBound;

use crate::domain::AuditEntry;

/// An account's trail, the newest first.
pub const AUDIT_TRAIL: PageBound = PageBound::new("audit:newest");

/// A line of an account's audit trail, as the graph shows it.
#[derive(Clone)]
pub struct AuditEntryObject(pub AuditEntry);

/// Something that was done to an account.
#[Object(name = "AuditEntry")]
impl AuditEntryObject {
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// Who: a user's id, or `service:<name>`.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// Through whom it came in: `router`, `service:<name>` or `commands:<domain>`.
    async fn origin(&self) -> &str {
        &self.0.origin
    }

    /// What: `PROFILE_CHANGED`, `PREFERENCES_CHANGED`, `ADDRESS_ADDED`, `ADDRESS_CHANGED`, `ADDRESS_REMOVED`, `BLOCKED`,
    /// `UNBLOCKED`, `DELETION_REQUESTED`, `DELETION_REFUSED`, `ACCOUNT_ERASED`, `DELETION_COMPLETED`, or what comes to be
    /// known later.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// What else it is about: an address's id.
    async fn about(&self) -> Option<&str> {
        self.0.about.as_deref()
    }

    /// Which fields got other values; never what they held.
    async fn fields(&self) -> &[String] {
        &self.0.fields
    }
}
