//! Forgetting what is old: an inbox isn't an archive, and everything has a bound.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    sql_query,
    sql_types::{BigInt, Timestamptz},
};
use diesel_async::RunQueryDsl as _;
use kit::Database;
use tokio_util::sync::CancellationToken;

use super::StoreError;

/// How old an event may be whose notification is kept: a year, in which most guarantees end, and a month to look.
pub const RETENTION: TimeDelta = TimeDelta::days(400);
/// Rows of one statement, so that none holds locks for long.
const ROWS_MAX: i64 = 1_000;
/// How often it is looked for old ones.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Deliveries whose notifications are all gone go after them.
const FORGET: &str = "WITH old AS (SELECT id FROM notification WHERE occurred_at < $1 ORDER BY occurred_at LIMIT $2), \
    deliveries AS (DELETE FROM delivery WHERE finished_at IS NOT NULL AND id IN \
        (SELECT delivery_id FROM delivery_item WHERE notification_id IN (SELECT id FROM old)) \
        AND NOT EXISTS (SELECT FROM delivery_item WHERE delivery_id = delivery.id AND notification_id NOT IN (SELECT id FROM old)) \
        RETURNING id) \
    DELETE FROM notification WHERE id IN (SELECT id FROM old)";

/// Deletes notifications of events before `before`, and the deliveries that ended and told of nothing else. Gives how many notifications;
/// at most a thousand.
///
/// # Errors
/// The database fails.
pub async fn forget(database: &Database, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut connection = database.connection().await?;
    let forget = sql_query(FORGET).bind::<Timestamptz, _>(before).bind::<BigInt, _>(ROWS_MAX);
    Ok(forget.execute(&mut connection).await?)
}

/// Forgets what is older than [`RETENTION`], now and every hour, until `stop`.
///
/// # Errors
/// The database fails.
pub async fn keep_forgetting(database: Database, stop: CancellationToken) -> Result<(), StoreError> {
    loop {
        while forget(&database, Utc::now() - RETENTION).await? > 0 && !stop.is_cancelled() {}
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return Ok(());
        }
    }
}
