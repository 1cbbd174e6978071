//! Users' webhooks, and how long each may fail.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{OptionalExtension as _, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;
use wire::events::notifications::WebhookDisabled;

use super::{
    StoreError, WebhookRow,
    events::tell_in_txn,
    schema::webhook::{self, dsl},
};

/// Webhooks of one user: some programs, and some that are being replaced.
pub const WEBHOOKS_MAX: i64 = 10;
/// How long a webhook may fail until it is called no more: a long week-end, and the day after it.
pub const FAILING_FOR_MAX: TimeDelta = TimeDelta::days(5);
/// How many calls must have failed by then: one that is called once a week isn't switched off for two bad moments.
pub const FAILURES_MIN: i32 = 10;

/// Adds a webhook; gives `None` if the user has [`WEBHOOKS_MAX`]. The recipient must be locked.
///
/// # Errors
/// The database fails.
pub async fn webhook_insert_in_txn(
    connection: &mut AsyncPgConnection,
    user_id: Uuid,
    url: &str,
    secret: &[u8],
) -> Result<Option<WebhookRow>, StoreError> {
    let count: i64 = webhook::table.filter(dsl::user_id.eq(user_id)).count().get_result(connection).await?;
    if count >= WEBHOOKS_MAX {
        return Ok(None);
    }
    let values = (dsl::id.eq(Uuid::now_v7()), dsl::user_id.eq(user_id), dsl::url.eq(url), dsl::secret.eq(secret));
    let inserted = diesel::insert_into(webhook::table).values(values).returning(WebhookRow::as_returning());
    Ok(Some(inserted.get_result(connection).await?))
}

/// Removes a user's webhook and what was to be told to it. Whether there was one.
///
/// # Errors
/// The database fails.
pub async fn webhook_remove_in_txn(
    connection: &mut AsyncPgConnection,
    user_id: Uuid,
    id: Uuid,
) -> Result<bool, StoreError> {
    let removed = diesel::delete(webhook::table.find(id).filter(dsl::user_id.eq(user_id))).execute(connection).await?;
    Ok(removed == 1)
}

/// Calls a user's webhook again, from now on. `None` if there is none.
///
/// # Errors
/// The database fails.
pub async fn webhook_enable_in_txn(
    connection: &mut AsyncPgConnection,
    user_id: Uuid,
    id: Uuid,
) -> Result<Option<WebhookRow>, StoreError> {
    let enabled = diesel::update(webhook::table.find(id).filter(dsl::user_id.eq(user_id)))
        .set((
            dsl::disabled_at.eq(None::<DateTime<Utc>>),
            dsl::failing_since.eq(None::<DateTime<Utc>>),
            dsl::failures.eq(0),
        ))
        .returning(WebhookRow::as_returning());
    Ok(enabled.get_result(connection).await.optional()?)
}

/// A webhook by id.
///
/// # Errors
/// The database fails.
pub async fn webhook_load(connection: &mut AsyncPgConnection, id: Uuid) -> Result<Option<WebhookRow>, StoreError> {
    Ok(webhook::table.find(id).select(WebhookRow::as_select()).first(connection).await.optional()?)
}

/// A user's webhooks that are called.
///
/// # Errors
/// The database fails.
pub async fn webhooks_called(connection: &mut AsyncPgConnection, user_id: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let called = webhook::table
        .filter(dsl::user_id.eq(user_id).and(dsl::disabled_at.is_null()))
        .order((dsl::created_at, dsl::id))
        .limit(WEBHOOKS_MAX)
        .select(dsl::id);
    Ok(called.load(connection).await?)
}

/// Notes that a call succeeded. The recipient must be locked.
///
/// # Errors
/// The database fails.
pub async fn webhook_succeeded_in_txn(connection: &mut AsyncPgConnection, id: Uuid) -> Result<(), StoreError> {
    diesel::update(webhook::table.find(id).filter(dsl::failures.gt(0)))
        .set((dsl::failing_since.eq(None::<DateTime<Utc>>), dsl::failures.eq(0)))
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a webhook has failed for too long, or has said itself that it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As [`FAILING_FOR_MAX`] and [`FAILURES_MIN`] say.
    ByTime,
    /// It answered `410 Gone`.
    Gone,
}

/// Notes that a call failed, and switches the webhook off if that is enough. Gives the webhook if it was switched off by this. The
/// recipient must be locked.
///
/// # Errors
/// [`StoreError`].
pub async fn webhook_failed_in_txn(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    verdict: Verdict,
    now: DateTime<Utc>,
) -> Result<Option<WebhookRow>, StoreError> {
    let row: Option<WebhookRow> = webhook::table
        .find(id)
        .filter(dsl::disabled_at.is_null())
        .for_update()
        .select(WebhookRow::as_select())
        .first(connection)
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let (failures, since) = (row.failures.saturating_add(1), row.failing_since.unwrap_or(now));
    let is_enough = match verdict {
        Verdict::ByTime => failures >= FAILURES_MIN && now - since >= FAILING_FOR_MAX,
        Verdict::Gone => true,
    };
    let disabled_at = is_enough.then_some(now);
    diesel::update(webhook::table.find(id))
        .set((dsl::failures.eq(failures), dsl::failing_since.eq(since), dsl::disabled_at.eq(disabled_at)))
        .execute(connection)
        .await?;
    if !is_enough {
        return Ok(None);
    }
    let event = WebhookDisabled { webhook_id: row.id.into(), user_id: row.user_id.into() };
    tell_in_txn(connection, &event, None).await?;
    Ok(Some(row))
}
