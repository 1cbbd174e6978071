//! `UserBlock`.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};

use crate::domain::User;

/// That a user can't order.
#[derive(SimpleObject, Debug)]
#[graphql(name = "UserBlock")]
pub struct BlockObject {
    /// Since when.
    since: DateTime<Utc>,
    /// Why: `CHARGEBACK`, `ADMINISTRATOR`, or what comes to be known later.
    reason: String,
}

impl BlockObject {
    /// A user's block, if there is one.
    pub fn of(user: &User) -> Option<Self> {
        let (since, reason) = user.blocked_at.zip(user.block_reason.clone())?;
        Some(Self { since, reason })
    }
}
