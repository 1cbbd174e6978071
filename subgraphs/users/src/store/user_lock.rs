//! Taking a user for a change.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::{
    domain::{User, UserId},
    schema::users,
};

/// The user, who is nobody else's to change until the end of the transaction.
pub async fn user_lock(connection: &mut AsyncPgConnection, id: UserId) -> QueryResult<Option<User>> {
    users::table.find(id).select(User::as_select()).for_update().get_result(connection).await.optional()
}

/// The same, without those who are erased.
pub async fn living_user_lock(connection: &mut AsyncPgConnection, id: UserId) -> QueryResult<Option<User>> {
    Ok(user_lock(connection, id).await?.filter(|user| user.erased_at.is_none()))
}
