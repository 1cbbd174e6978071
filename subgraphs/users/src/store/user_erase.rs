//! Emptying an account: what is left names nobody.

use chrono::Utc;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use wire::events::users::UserErased;

use super::{
    StoreError,
    record::{Line, tell},
    user_lock::living_user_lock,
};
use crate::{
    domain::{Action, Author, UserId, tombstone},
    schema::{account_deletions, addresses, notification_preferences, users},
};

/// Erases what this domain knows of a user, in the caller's transaction. Who doesn't exist, or is erased, stays so.
///
/// That is told here, as every change of an account is in its own transaction, and not when the deletion hears of it: caches keep names and
/// addresses until they are told. It is true by now, since all other domains have forgotten the user when this one is asked
/// ([`Party::ALL`](crate::domain::erasure::Party::ALL)).
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
    let event = UserErased { user_id: id.into() };
    tell(connection, author, Line::new(id, Action::AccountErased), &event).await
}
