//! A user.

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};

kit::global_id!(UserId, "User");
kit::global_id!(AddressId, "Address");

/// A user, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = crate::schema::users, check_for_backend(diesel::pg::Pg))]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub locale: String,
    pub created_at: DateTime<Utc>,
}
