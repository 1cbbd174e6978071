//! The life of a notification until it is in the inbox.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension as _, prelude::*, sql_query, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::cached;
use uuid::Uuid;
use wire::events::notifications::{Channel, NotificationDelivered};

use super::{
    NotificationRow, StoreError,
    events::tell_in_txn,
    rows::NOTIFICATION,
    schema::notification::{self, dsl},
};
use crate::domain::{Language, Notice};

/// Writes a notification, unless it is there already. The recipient must be locked.
///
/// # Errors
/// The database fails.
pub async fn insert_in_txn(connection: &mut AsyncPgConnection, notice: &Notice) -> Result<bool, StoreError> {
    let facts = serde_json::to_value(&notice.facts).map_err(|_| StoreError::Corrupt("facts"))?;
    let inserted = diesel::insert_into(notification::table)
        .values((
            dsl::id.eq(notice.id()),
            dsl::event_id.eq(notice.event_id),
            dsl::user_id.eq(notice.user_id),
            dsl::category.eq(notice.kind.category().as_str()),
            dsl::kind.eq(notice.kind.as_str()),
            dsl::about.eq(&notice.about),
            dsl::order_id.eq(notice.order_id),
            dsl::facts.eq(facts),
            dsl::occurred_at.eq(notice.occurred_at),
        ))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    Ok(inserted == 1)
}

/// A notification of which nobody has decided yet how it is told; `None` if it was decided, or it is gone.
///
/// # Errors
/// The database fails.
pub async fn unplanned(connection: &mut AsyncPgConnection, id: Uuid) -> Result<Option<NotificationRow>, StoreError> {
    let query = format!("SELECT {NOTIFICATION} FROM notification WHERE notification.id = $1 AND planned_at IS NULL");
    Ok(cached(sql_query(query).bind::<SqlUuid, _>(id)).get_result(connection).await.optional()?)
}

/// Notes that it is decided how a notification is told, and puts it into the inbox if it belongs there. Whether that was still to
/// be decided: of two who do, one does. The recipient must be locked.
///
/// # Errors
/// [`StoreError`].
pub async fn plan_in_txn(
    connection: &mut AsyncPgConnection,
    row: &NotificationRow,
    language: Language,
    shown_at: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    let planned = diesel::update(notification::table.find(row.id).filter(dsl::planned_at.is_null()))
        .set((dsl::planned_at.eq(diesel::dsl::now), dsl::shown_at.eq(shown_at), dsl::language.eq(language.code())))
        .execute(connection)
        .await?;
    if planned == 0 {
        return Ok(false);
    }
    if shown_at.is_some() {
        let event = NotificationDelivered {
            notification_id: row.id.into(),
            user_id: row.user_id.into(),
            channel: Channel::InApp,
            about: row.about.clone(),
        };
        tell_in_txn(connection, &event, Some(row.event_id)).await?;
    }
    Ok(true)
}
