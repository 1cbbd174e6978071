//! `AccountDeletion`.

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use kit::{Caller, Error, Result};

use crate::domain::{Deletion, DeletionStatus};

/// How far the deletion of an account is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "DeletionStatus")]
pub enum AccountDeletionStatus {
    /// A service is asked to forget the user.
    Asking,
    /// A service can't yet, by `refusal`, and is asked again; others have forgotten the user already.
    Postponed,
    /// A service hasn't answered for long, and is asked again.
    Stuck,
    /// A service refused, by `refusal`, before anything was forgotten: the account stays. It can be asked for again.
    Refused,
    /// All services have forgotten the user.
    Erased,
}

/// Why a service can't forget a user.
#[derive(SimpleObject, Debug)]
pub struct AccountDeletionRefusal {
    /// Which service.
    service: String,
    /// Why: `OPEN_ORDERS`, `OPEN_PAYMENTS`, or what comes to be known later.
    code: String,
}

/// A deletion, as the graph shows it.
pub struct DeletionObject(pub Deletion);

/// The deletion of an account: every service forgets the user, or none does.
#[Object(name = "AccountDeletion")]
impl DeletionObject {
    /// How far it is.
    async fn status(&self) -> Result<AccountDeletionStatus> {
        let unknown = || Error::internal(format!("no status of a deletion: {}", self.0.status));
        DeletionStatus::parse(&self.0.status).map(Into::into).ok_or_else(unknown)
    }

    /// When it was asked for.
    async fn requested_at(&self) -> DateTime<Utc> {
        self.0.requested_at
    }

    /// Who asked for it: a user's id.
    async fn requested_by(&self) -> &str {
        &self.0.requested_by
    }

    /// Why an administrator asked for it; for administrators.
    async fn reason(&self, context: &Context<'_>) -> Result<Option<&str>> {
        Caller::from_context(context)?.require_administrator()?;
        Ok(self.0.reason.as_deref())
    }

    /// Which service is to answer.
    async fn waiting_for(&self) -> Option<&str> {
        self.0.waiting_for.as_deref()
    }

    /// How often it was asked since it last answered.
    async fn asked(&self) -> i32 {
        self.0.asked
    }

    /// Why a service refused last.
    async fn refusal(&self) -> Option<AccountDeletionRefusal> {
        let (service, code) = self.0.refused_by.clone().zip(self.0.refusal_code.clone())?;
        Some(AccountDeletionRefusal { service, code })
    }

    /// When anything of this changed last.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}
