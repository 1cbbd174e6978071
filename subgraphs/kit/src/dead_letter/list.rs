//! Looking at dead letters.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;
use wire::bus::Place;

use super::DeadLetter;
use crate::database::{DatabaseError, cached};

/// Letters of one list: a screen or two, and no more than a command should print.
pub const LIST_MAX: u32 = 100;

const LIST: &str = "SELECT id, consumer, event_id, topic, partition, position_major, position_minor, key, reason, attempts, \
        given_up_at, replayed_at FROM dead_letter \
    WHERE ($1 IS NULL OR consumer = $1) AND ($2 IS NULL OR id > $2) AND ($3 OR replayed_at IS NULL) ORDER BY id LIMIT $4";
const SHOW: &str = "SELECT id, consumer, event_id, topic, partition, position_major, position_minor, key, reason, attempts, \
        given_up_at, replayed_at FROM dead_letter WHERE id = $1";
const TEXT: &str = "SELECT text FROM dead_letter WHERE id = $1";
const COUNT: &str = "SELECT count(*) AS letters FROM dead_letter WHERE replayed_at IS NULL";
const COUNT_BY_CONSUMER: &str = "SELECT consumer, count(*) AS letters FROM dead_letter WHERE replayed_at IS NULL GROUP BY consumer ORDER BY consumer";

/// Which letters.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Those of one group.
    pub consumer: Option<String>,
    /// Those after this one.
    pub after: Option<Uuid>,
    /// Those that were published again as well.
    pub replayed: bool,
}

/// At most [`LIST_MAX`] letters, oldest first.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn list(connection: &mut AsyncPgConnection, listed: &Listed) -> Result<Vec<DeadLetter>, DatabaseError> {
    let statement = sql_query(LIST)
        .bind::<Nullable<Text>, _>(listed.consumer.as_deref())
        .bind::<Nullable<SqlUuid>, _>(listed.after)
        .bind::<Bool, _>(listed.replayed)
        .bind::<BigInt, _>(i64::from(LIST_MAX));
    let rows: Vec<Row> = cached(statement).load(connection).await?;
    Ok(rows.into_iter().map(DeadLetter::from).collect())
}

/// One letter and its message's text.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn show(connection: &mut AsyncPgConnection, id: Uuid) -> Result<Option<(DeadLetter, String)>, DatabaseError> {
    let rows: Vec<Row> = cached(sql_query(SHOW).bind::<SqlUuid, _>(id)).load(connection).await?;
    let texts: Vec<TextRow> = cached(sql_query(TEXT).bind::<SqlUuid, _>(id)).load(connection).await?;
    Ok(rows.into_iter().zip(texts).next().map(|(row, TextRow { text })| (row.into(), text)))
}

/// How many letters of each consumer wait.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn count_by_consumer(connection: &mut AsyncPgConnection) -> Result<Vec<(String, u64)>, DatabaseError> {
    let rows: Vec<ConsumerRow> = cached(sql_query(COUNT_BY_CONSUMER)).load(connection).await?;
    Ok(rows.into_iter().map(|ConsumerRow { consumer, letters }| (consumer, letters.unsigned_abs())).collect())
}

/// How many letters wait.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn count(connection: &mut AsyncPgConnection) -> Result<u64, DatabaseError> {
    let CountRow { letters } = cached(sql_query(COUNT)).get_result(connection).await?;
    Ok(letters.unsigned_abs())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    consumer: String,
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Integer)]
    partition: i32,
    #[diesel(sql_type = BigInt)]
    position_major: i64,
    #[diesel(sql_type = BigInt)]
    position_minor: i64,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Timestamptz)]
    given_up_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    replayed_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct ConsumerRow {
    #[diesel(sql_type = Text)]
    consumer: String,
    #[diesel(sql_type = BigInt)]
    letters: i64,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    letters: i64,
}

impl From<Row> for DeadLetter {
    fn from(row: Row) -> Self {
        let place = Place {
            partition: u16::try_from(row.partition).unwrap_or(u16::MAX),
            position: (row.position_major.cast_unsigned(), row.position_minor.cast_unsigned()),
        };
        Self {
            id: row.id,
            consumer: row.consumer,
            event_id: row.event_id,
            topic: row.topic,
            place,
            key: row.key,
            reason: row.reason,
            attempts: row.attempts.unsigned_abs(),
            given_up_at: row.given_up_at,
            replayed_at: row.replayed_at,
        }
    }
}
