//! The deletion of an account, as its user sees it.

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use uuid::Uuid;

use super::{
    UserId,
    rules::{self, InvalidField},
};

/// How far a deletion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletionStatus {
    /// A domain is asked to forget the user.
    Asking,
    /// A domain can't yet, and is asked again.
    Postponed,
    /// A domain hasn't answered for long, and is asked again.
    Stuck,
    /// A domain refused before anything was forgotten: the account stays.
    Refused,
    /// All is forgotten.
    Erased,
}

/// A deletion, as stored. Its columns are texts, since later code may write others.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = crate::schema::account_deletions, check_for_backend(diesel::pg::Pg))]
pub struct Deletion {
    /// The saga's id too.
    pub id: Uuid,
    pub user_id: UserId,
    pub status: String,
    pub requested_at: DateTime<Utc>,
    pub requested_by: String,
    pub reason: Option<String>,
    pub waiting_for: Option<String>,
    pub asked: i32,
    pub refused_by: Option<String>,
    pub refusal_code: Option<String>,
    pub updated_at: DateTime<Utc>,
}

impl DeletionStatus {
    const ALL: [Self; 5] = [Self::Asking, Self::Postponed, Self::Stuck, Self::Refused, Self::Erased];

    /// Its name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asking => "ASKING",
            Self::Postponed => "POSTPONED",
            Self::Stuck => "STUCK",
            Self::Refused => "REFUSED",
            Self::Erased => "ERASED",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// An administrator's reason, 1 to 500 characters.
pub fn reason(text: &str) -> Result<String, InvalidField> {
    rules::line("reason", text, 500)
}
