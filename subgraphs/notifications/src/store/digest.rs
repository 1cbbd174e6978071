//! Digests: deliveries that collect notifications until they are due.

use diesel::{OptionalExtension as _, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;
use wire::events::notifications::Channel;

use super::{
    StoreError,
    schema::{
        delivery::{self, dsl},
        delivery_item,
    },
};
use crate::domain::notice::derived_id;

/// Puts a notification into the digest that is being collected for the user, or into a new one. Gives the new one's id: somebody
/// has to see to it that it is sent. The recipient must be locked, so that none is closed meanwhile.
///
/// # Errors
/// The database fails.
pub async fn collect_in_txn(
    connection: &mut AsyncPgConnection,
    user_id: Uuid,
    notification_id: Uuid,
) -> Result<Option<Uuid>, StoreError> {
    let collecting = delivery::table.filter(dsl::user_id.eq(user_id).and(dsl::status.eq("COLLECTING"))).select(dsl::id);
    let collecting: Option<Uuid> = collecting.first(connection).await.optional()?;
    let (digest, is_new) = match collecting {
        Some(digest) => (digest, false),
        None => (derived_id(notification_id, "digest"), true),
    };
    if is_new {
        let values = (
            dsl::id.eq(digest),
            dsl::user_id.eq(user_id),
            dsl::channel.eq(Channel::Email.as_str()),
            dsl::digest.eq(true),
            dsl::status.eq("COLLECTING"),
        );
        diesel::insert_into(delivery::table).values(values).execute(connection).await?;
    }
    let item = (delivery_item::delivery_id.eq(digest), delivery_item::notification_id.eq(notification_id));
    diesel::insert_into(delivery_item::table).values(item).on_conflict_do_nothing().execute(connection).await?;
    Ok(is_new.then_some(digest))
}

/// Closes a digest: what comes from now on is for the next one. The recipient must be locked.
///
/// # Errors
/// The database fails.
pub async fn digest_close_in_txn(connection: &mut AsyncPgConnection, id: Uuid) -> Result<(), StoreError> {
    diesel::update(delivery::table.find(id).filter(dsl::status.eq("COLLECTING")))
        .set(dsl::status.eq("PENDING"))
        .execute(connection)
        .await?;
    Ok(())
}
