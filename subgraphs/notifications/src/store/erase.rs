//! Forgetting a user.

use diesel::{prelude::*, sql_query, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{StoreError, lock_in_txn, schema::recipient};

/// What was delivered and told, in an order in which nothing refers to what is gone.
const DELETE: [&str; 3] = [
    "DELETE FROM delivery WHERE user_id = $1",
    "DELETE FROM notification WHERE user_id = $1",
    "DELETE FROM webhook WHERE user_id = $1",
];

/// Deletes all that is known of a user but that it was: events that come late find a recipient that is gone, and make nothing. Done
/// again it changes nothing.
///
/// # Errors
/// The database fails.
pub async fn erase_in_txn(connection: &mut AsyncPgConnection, user_id: Uuid) -> Result<(), StoreError> {
    lock_in_txn(connection, user_id).await?;
    for delete in DELETE {
        sql_query(delete).bind::<SqlUuid, _>(user_id).execute(connection).await?;
    }
    diesel::update(recipient::table.find(user_id).filter(recipient::erased_at.is_null()))
        .set(recipient::erased_at.eq(diesel::dsl::now))
        .execute(connection)
        .await?;
    Ok(())
}
