//! Emptying an account: what is left names nobody.

use chrono::Utc;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::{
    StoreError,
    record::{Line, note},
    user_lock::living_user_lock,
};
use crate::{
    domain::{Action, Author, UserId, tombstone},
    schema::{account_deletions, addresses, notification_preferences, users},
};

/// Erases what this domain knows of a user, in the caller's transaction. Who doesn't exist, or is erased, stays so.
///
/// Others are told by the deletion, once all domains have forgotten.
pub async fn user_erase_in_txn(
    connection: &mut AsyncPgConnection,
    author: &Author,
    id: UserId,
) -> Result<(), StoreError> {
    if living_user_lock(connection, id).await?.is_none() {
        return Ok(());
    }
    diesel::delete(addresses::table.filter(addresses::user_id.eq(id))).execute(connection).await?;
    diesel::delete(notification_preferences::table.find(id)).execute(connection).await?;
    // An administrator may have written a name into it.
    diesel::update(account_deletions::table.filter(account_deletions::user_id.eq(id)))
        .set(account_deletions::reason.eq(None::<String>))
        .execute(connection)
        .await?;
    diesel::update(users::table.find(id))
        .set((
            users::name.eq(tombstone::NAME),
            users::email.eq(tombstone::email(id)),
            users::locale.eq(tombstone::LOCALE),
            users::erased_at.eq(Utc::now()),
            users::updated_at.eq(Utc::now()),
        ))
        .execute(connection)
        .await?;
    note(connection, author, Line::new(id, Action::AccountErased)).await
}
