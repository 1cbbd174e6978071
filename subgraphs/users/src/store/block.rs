//! Letting a user order no more, or again.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use wire::events::users::{BlockReason, UserBlocked, UserUnblocked};

use super::{
    StoreError, UserStore,
    record::{Line, tell},
    user_lock::living_user_lock,
};
use crate::{
    domain::{Action, Author, User, UserId},
    schema::users,
};

impl UserStore {
    /// Blocks a user; the user as it is now, `None` for who doesn't exist, or no longer.
    pub(crate) async fn user_block(
        &self,
        author: &Author,
        id: UserId,
        reason: &BlockReason,
    ) -> Result<Option<User>, StoreError> {
        self.database.unit(async |connection| user_block_in_txn(connection, author, id, reason).await).await
    }

    /// Lets a user order again; as [`UserStore::user_block`].
    pub(crate) async fn user_unblock(&self, author: &Author, id: UserId) -> Result<Option<User>, StoreError> {
        self.database.unit(async |connection| unblock(connection, author, id).await).await
    }
}

/// [`UserStore::user_block`] in the caller's transaction. Who is blocked already stays so, for the first reason.
pub async fn user_block_in_txn(
    connection: &mut AsyncPgConnection,
    author: &Author,
    id: UserId,
    reason: &BlockReason,
) -> Result<Option<User>, StoreError> {
    let Some(user) = living_user_lock(connection, id).await? else { return Ok(None) };
    if user.blocked_at.is_some() {
        return Ok(Some(user));
    }
    let user = write(connection, id, Some((Utc::now(), reason.as_str()))).await?;
    let event = UserBlocked { user_id: id.into(), reason: reason.clone() };
    tell(connection, author, Line::new(id, Action::Blocked), &event).await?;
    Ok(Some(user))
}

async fn unblock(connection: &mut AsyncPgConnection, author: &Author, id: UserId) -> Result<Option<User>, StoreError> {
    let Some(user) = living_user_lock(connection, id).await? else { return Ok(None) };
    if user.blocked_at.is_none() {
        return Ok(Some(user));
    }
    let user = write(connection, id, None).await?;
    tell(connection, author, Line::new(id, Action::Unblocked), &UserUnblocked { user_id: id.into() }).await?;
    Ok(Some(user))
}

async fn write(
    connection: &mut AsyncPgConnection,
    id: UserId,
    block: Option<(DateTime<Utc>, &str)>,
) -> QueryResult<User> {
    let (at, reason) = block.unzip();
    diesel::update(users::table.find(id))
        .set((users::blocked_at.eq(at), users::block_reason.eq(reason), users::updated_at.eq(Utc::now())))
        .returning(User::as_returning())
        .get_result(connection)
        .await
}
