//! The life of a delivery: `PENDING` → `SENDING` → `SENT`, or `BOUNCED`, or `DROPPED` where there is nothing to send any more.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension as _, prelude::*, sql_query, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::{cached, storable};
use uuid::Uuid;
use wire::events::notifications::{BounceReason, Channel, NotificationBounced, NotificationDelivered};

use super::{
    NotificationRow, StoreError,
    events::tell_in_txn,
    rows::NOTIFICATION,
    schema::{
        delivery::{self, dsl},
        delivery_item,
    },
};

/// Notifications of one digest that are read: more are counted by nobody.
const ITEMS_MAX: i64 = 500;
/// Letters of a reason.
const REASON_CHARS_MAX: usize = 500;
/// Those that nothing has become of yet.
const OPEN: [&str; 2] = ["PENDING", "SENDING"];

/// A delivery to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// By which way.
    pub channel: Channel,
    /// To which webhook, if to one.
    pub webhook_id: Option<Uuid>,
}

/// A delivery that is still open, with what it tells.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// By which way.
    pub channel: Channel,
    /// To which webhook, if to one.
    pub webhook_id: Option<Uuid>,
    /// Whether it is a digest.
    pub is_digest: bool,
    /// How far it is.
    pub state: DeliveryState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// What it tells, oldest first.
    pub items: Vec<NotificationRow>,
}

/// How far an open delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// A digest that isn't closed.
    Collecting,
    /// To be handed over.
    Pending,
    /// Perhaps handed over.
    Sending,
}

/// How a delivery ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was handed over.
    Sent,
    /// It can't be.
    Bounced(BounceReason, String),
    /// There is nothing to hand over any more.
    Dropped(&'static str),
}

#[derive(Queryable)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    channel: String,
    webhook_id: Option<Uuid>,
    digest: bool,
    status: String,
    created_at: DateTime<Utc>,
}

/// Writes a delivery of one notification, unless it is there. Whether it wasn't. The recipient must be locked.
///
/// # Errors
/// The database fails.
pub async fn delivery_insert_in_txn(
    connection: &mut AsyncPgConnection,
    new: &NewDelivery,
    notification_id: Uuid,
) -> Result<bool, StoreError> {
    let values = (
        dsl::id.eq(new.id),
        dsl::user_id.eq(new.user_id),
        dsl::channel.eq(new.channel.as_str()),
        dsl::webhook_id.eq(new.webhook_id),
        dsl::status.eq("PENDING"),
    );
    let inserted = diesel::insert_into(delivery::table).values(values).on_conflict_do_nothing();
    if inserted.execute(connection).await? == 0 {
        return Ok(false);
    }
    let item = (delivery_item::delivery_id.eq(new.id), delivery_item::notification_id.eq(notification_id));
    diesel::insert_into(delivery_item::table).values(item).execute(connection).await?;
    Ok(true)
}

/// A delivery that is still open; `None` if it ended, or was deleted.
///
/// # Errors
/// [`StoreError`].
pub async fn delivery_load(connection: &mut AsyncPgConnection, id: Uuid) -> Result<Option<Told>, StoreError> {
    let row: Option<Row> = delivery::table
        .find(id)
        .filter(dsl::finished_at.is_null())
        .select((dsl::id, dsl::user_id, dsl::channel, dsl::webhook_id, dsl::digest, dsl::status, dsl::created_at))
        .first(connection)
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let items = format!(
        "SELECT {NOTIFICATION} FROM delivery_item JOIN notification ON notification.id = delivery_item.notification_id \
         WHERE delivery_item.delivery_id = $1 ORDER BY notification.occurred_at, notification.id LIMIT {ITEMS_MAX}"
    );
    let items = cached(sql_query(items).bind::<SqlUuid, _>(id)).load(connection).await?;
    Ok(Some(Told {
        id: row.id,
        user_id: row.user_id,
        channel: Channel::try_from(row.channel).map_err(|_| StoreError::Corrupt("channel"))?,
        webhook_id: row.webhook_id,
        is_digest: row.digest,
        state: match row.status.as_str() {
            "COLLECTING" => DeliveryState::Collecting,
            "PENDING" => DeliveryState::Pending,
            "SENDING" => DeliveryState::Sending,
            _ => return Err(StoreError::Corrupt("status")),
        },
        created_at: row.created_at,
        items,
    }))
}

/// Notes that a delivery is about to be handed over. Whether it is still open.
///
/// # Errors
/// The database fails.
pub async fn delivery_begin_in_txn(connection: &mut AsyncPgConnection, id: Uuid) -> Result<bool, StoreError> {
    let begun = diesel::update(delivery::table.find(id).filter(dsl::status.eq_any(OPEN)))
        .set((dsl::status.eq("SENDING"), dsl::attempts.eq(dsl::attempts + 1)))
        .execute(connection)
        .await?;
    Ok(begun == 1)
}

/// Notes that a delivery wasn't handed over and waits; if nobody knows whether it was, it stays `SENDING`.
///
/// # Errors
/// The database fails.
pub async fn delivery_wait_in_txn(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    state: DeliveryState,
    reason: &str,
) -> Result<bool, StoreError> {
    let status = if state == DeliveryState::Sending { "SENDING" } else { "PENDING" };
    let waiting = diesel::update(delivery::table.find(id).filter(dsl::status.eq_any(OPEN)))
        .set((dsl::status.eq(status), dsl::reason.eq(storable(reason, REASON_CHARS_MAX))))
        .execute(connection)
        .await?;
    Ok(waiting == 1)
}

/// Ends a delivery and tells so, for each of its notifications. Whether it was still open: whoever ends it first does. The recipient
/// must be locked.
///
/// # Errors
/// [`StoreError`].
pub async fn delivery_end_in_txn(
    connection: &mut AsyncPgConnection,
    told: &Told,
    ending: &Ending,
) -> Result<bool, StoreError> {
    let (status, reason) = match ending {
        Ending::Sent => ("SENT", None),
        Ending::Bounced(_, text) => ("BOUNCED", Some(storable(text, REASON_CHARS_MAX))),
        Ending::Dropped(text) => ("DROPPED", Some(storable(text, REASON_CHARS_MAX))),
    };
    let ended = diesel::update(delivery::table.find(told.id).filter(dsl::status.eq_any(OPEN)))
        .set((dsl::status.eq(status), dsl::reason.eq(reason), dsl::finished_at.eq(diesel::dsl::now)))
        .execute(connection)
        .await?;
    if ended == 0 {
        return Ok(false);
    }
    for item in &told.items {
        let (notification_id, user_id, channel) = (item.id.into(), told.user_id.into(), told.channel.clone());
        match ending {
            Ending::Sent => {
                let event = NotificationDelivered { notification_id, user_id, channel, about: item.about.clone() };
                tell_in_txn(connection, &event, Some(item.event_id)).await?;
            }
            Ending::Bounced(reason, _) => {
                let event = NotificationBounced { notification_id, user_id, channel, reason: reason.clone() };
                tell_in_txn(connection, &event, Some(item.event_id)).await?;
            }
            Ending::Dropped(_) => {}
        }
    }
    Ok(true)
}
