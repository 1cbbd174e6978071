//! The inbox: which events a consumer has handled.
//!
//! A bus hands out a message again whenever it isn't sure. [`first_time`] writes the event's id in the transaction of what
//! handling it does, so that the effect and the knowledge of it are kept together or not at all: however often an event comes,
//! it works once. Of two at the same time the second waits for the first one's end.

mod forget;
#[cfg(test)]
mod tests;

use diesel::{
    sql_query,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::database::{DatabaseError, cached};

pub use forget::{AGE_MAX, forget, keep_forgetting};

const REMEMBER: &str = "INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const FORGET_ONE: &str = "DELETE FROM inbox WHERE consumer = $1 AND event_id = $2";

/// Whether `consumer` meets this event for the first time; if so it is remembered, should the caller's transaction be
/// committed. `consumer` is at most 65 bytes.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn first_time(
    connection: &mut AsyncPgConnection,
    consumer: &str,
    event_id: Uuid,
) -> Result<bool, DatabaseError> {
    let remember = sql_query(REMEMBER).bind::<Text, _>(consumer).bind::<SqlUuid, _>(event_id);
    Ok(cached(remember).execute(connection).await? == 1)
}

/// Makes `consumer` handle an event again, should it come again.
pub(crate) async fn forget_one(
    connection: &mut AsyncPgConnection,
    consumer: &str,
    event_id: Uuid,
) -> Result<(), DatabaseError> {
    let forget = sql_query(FORGET_ONE).bind::<Text, _>(consumer).bind::<SqlUuid, _>(event_id);
    cached(forget).execute(connection).await?;
    Ok(())
}
