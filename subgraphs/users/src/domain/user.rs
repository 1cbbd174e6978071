//! A user.

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kit::GlobalId as _;
use serde::{Deserialize, Serialize};

kit::global_id!(UserId, "User");
kit::global_id!(AddressId, "Address");

/// A user, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize)]
#[diesel(table_name = crate::schema::users, check_for_backend(diesel::pg::Pg))]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub locale: String,
    pub created_at: DateTime<Utc>,
    /// Counts changes of name, email and locale, from 1.
    pub version: i32,
    pub blocked_at: Option<DateTime<Utc>>,
    pub block_reason: Option<String>,
    /// Since when the row names nobody any more.
    pub erased_at: Option<DateTime<Utc>>,
}

impl From<UserId> for wire::id::UserId {
    fn from(id: UserId) -> Self {
        Self::from(id.uuid())
    }
}

impl From<wire::id::UserId> for UserId {
    fn from(id: wire::id::UserId) -> Self {
        Self::from_uuid(id.uuid())
    }
}

impl From<AddressId> for wire::id::AddressId {
    fn from(id: AddressId) -> Self {
        Self::from(id.uuid())
    }
}
