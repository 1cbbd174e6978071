//! Writing messages into the outbox.

use diesel::{
    sql_query,
    sql_types::{Array, SmallInt, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use wire::{
    bus::{Message, check_lengths},
    topic::Topic,
};

use crate::{
    database::{DatabaseError, cached, wake_after_commit},
    key_hash::outbox_lane,
};

/// Rows of one statement: beyond some hundred, more in one don't make them cheaper.
const ROWS_MAX: usize = 1_000;

const APPEND: &str = "INSERT INTO outbox (topic, lane, key, envelope) \
    SELECT $1, lane, key, envelope \
    FROM unnest($2::smallint[], $3::text[], $4::text[]) WITH ORDINALITY AS message (lane, key, envelope, number) \
    ORDER BY number";

/// Adds messages to the outbox, to be published to `topic` in this order once the caller's transaction is committed, and never
/// if it isn't. One statement for a thousand messages, and a second one outside of [`Database::unit`](crate::Database::unit).
///
/// # Errors
/// [`DatabaseError::Message`] for one that is too long, before anything is written; [`DatabaseError::Statement`].
pub async fn append(
    connection: &mut AsyncPgConnection,
    topic: &Topic,
    messages: &[Message],
) -> Result<(), DatabaseError> {
    check_lengths(messages)?;
    for messages in messages.chunks(ROWS_MAX) {
        let lanes: Vec<i16> = messages.iter().map(|message| outbox_lane(&message.key)).collect();
        let keys: Vec<&str> = messages.iter().map(|message| &*message.key).collect();
        let envelopes: Vec<&str> = messages.iter().map(|message| &*message.text).collect();
        let statement = sql_query(APPEND)
            .bind::<Text, _>(topic.to_string())
            .bind::<Array<SmallInt>, _>(lanes)
            .bind::<Array<Text>, _>(keys)
            .bind::<Array<Text>, _>(envelopes);
        cached(statement).execute(connection).await?;
    }
    if !messages.is_empty() {
        wake_after_commit(connection).await?;
    }
    Ok(())
}
