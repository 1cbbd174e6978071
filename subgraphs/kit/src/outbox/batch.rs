//! One batch of one lane: read, published, deleted.

use std::{collections::BTreeMap, time::Duration};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Bool, Integer, SmallInt, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use wire::{
    bus::{Bus, BusError, Message},
    topic::Topic,
};

use crate::database::{Database, DatabaseError, cached};

/// Bytes of the envelopes of one batch, but for the first, which may be longer: what a relay holds is as many times this as it has
/// batches under way.
const BATCH_BYTES_MAX: i64 = 4 * 1024 * 1024;
/// The class of the advisory locks of lanes ("outb"). Other locks of two numbers in the database must have another.
const LOCK_CLASS: i32 = 0x6f75_7462;

/// Who has the lock publishes the lane's messages, alone: order within the lane depends on it. It falls with the transaction.
const LOCK: &str = "SELECT pg_try_advisory_xact_lock($1, $2) AS locked";
/// Read after the lock was had, by a statement of its own: a statement sees what was there when it began, and would show rows
/// again that another relay has published while this one waited.
const READ: &str = "SELECT position, topic, key, envelope FROM ( \
        SELECT position, topic, key, envelope, \
            sum(octet_length(envelope)) OVER (ORDER BY position) - octet_length(envelope) AS bytes_before \
        FROM (SELECT position, topic, key, envelope FROM outbox WHERE lane = $1 ORDER BY position LIMIT $2) AS oldest \
    ) AS weighed WHERE bytes_before = 0 OR bytes_before + octet_length(envelope) <= $3 ORDER BY position";
/// By positions, never by a range: a row with a lower position may be committed after these were read.
const DELETE: &str = "DELETE FROM outbox WHERE lane = $1 AND position = ANY($2)";

/// Why a batch wasn't published, or not all of it. What wasn't is there still.
#[derive(Debug, thiserror::Error)]
pub(super) enum BatchError {
    #[error("the outbox can't be read")]
    Database(#[from] DatabaseError),
    #[error("the bus doesn't take what is for {topic}")]
    Bus { topic: String, source: BusError },
    #[error("the bus takes longer than {0:?}")]
    Slow(Duration),
    #[error("no topic has the name {0:?}")]
    Topic(String),
}

impl From<diesel::result::Error> for BatchError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// How many messages the bus has now.
    pub published: usize,
    /// Why it hasn't the others.
    pub failed: Option<BatchError>,
}

/// How much of a lane at once, and how long that may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchBounds {
    pub messages_max: u32,
    pub publish_timeout: Duration,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    envelope: String,
}

/// Publishes the oldest messages of a lane, unless another relay is at it.
pub(super) async fn publish_batch(
    database: &Database,
    bus: &dyn Bus,
    lane: i16,
    bounds: BatchBounds,
) -> Result<Batch, BatchError> {
    database
        .unit(async |connection| {
            let rows = lock_and_read(connection, lane, bounds.messages_max).await?;
            let mut published = Vec::with_capacity(rows.len());
            let publishing = publish(bus, rows, &mut published);
            let failed = match tokio::time::timeout(bounds.publish_timeout, publishing).await {
                Ok(outcome) => outcome.err(),
                Err(_) => Some(BatchError::Slow(bounds.publish_timeout)),
            };
            if !published.is_empty() {
                let delete = sql_query(DELETE).bind::<SmallInt, _>(lane).bind::<Array<BigInt>, _>(&published);
                cached(delete).execute(connection).await?;
            }
            Ok::<_, BatchError>(Batch { published: published.len(), failed })
        })
        .await
}

async fn lock_and_read(
    connection: &mut AsyncPgConnection,
    lane: i16,
    messages_max: u32,
) -> Result<Vec<Row>, BatchError> {
    let lock = sql_query(LOCK).bind::<Integer, _>(LOCK_CLASS).bind::<Integer, _>(i32::from(lane));
    let Locked { locked } = cached(lock).get_result(connection).await?;
    if !locked {
        return Ok(Vec::new());
    }
    let read = sql_query(READ)
        .bind::<SmallInt, _>(lane)
        .bind::<BigInt, _>(i64::from(messages_max))
        .bind::<BigInt, _>(BATCH_BYTES_MAX);
    Ok(cached(read).load(connection).await?)
}

/// Publishes topic by topic, each in the order of its rows, and tells the positions of what the bus has. One topic that fails doesn't
/// keep the others.
async fn publish(bus: &dyn Bus, rows: Vec<Row>, published: &mut Vec<i64>) -> Result<(), BatchError> {
    let mut topics: BTreeMap<String, (Vec<i64>, Vec<Message>)> = BTreeMap::new();
    for Row { position, topic, key, envelope } in rows {
        let (positions, messages) = topics.entry(topic).or_default();
        positions.push(position);
        messages.push(Message { key: key.into(), text: envelope.into() });
    }
    let mut outcome = Ok(());
    for (name, (positions, messages)) in topics {
        let Some(topic) = Topic::parse(&name) else {
            outcome = Err(BatchError::Topic(name));
            continue;
        };
        match bus.publish(&topic, &messages).await {
            Ok(()) => published.extend(positions),
            Err(source) => outcome = Err(BatchError::Bus { topic: name, source }),
        }
    }
    outcome
}
