//! One batch: read, published, deleted.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Integer, SmallInt, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use wire::{
    bus::{Bus, BusError, Message},
    topic::Topic,
};

use crate::{
    database::{Database, DatabaseError, cached},
    envelope::Traced,
    metrics::ServiceMetrics,
    trace::Span,
};

/// Bytes of the envelopes of one batch, but for the first, which may be longer: what a relay holds is as many times this as it
/// has batches under way.
const BATCH_BYTES_MAX: i64 = 4 * 1024 * 1024;
/// The class of the advisory locks of lanes ("outb"). Other locks of two numbers in the database must have another.
const LOCK_CLASS: i32 = 0x6f75_7462;

/// Who has a lane's lock publishes its messages, alone: order within the lane depends on it. It falls with the transaction.
const LOCK: &str = "SELECT number.lane::smallint AS lane FROM unnest($2::integer[]) AS number (lane) \
    WHERE pg_try_advisory_xact_lock($1, number.lane)";
/// Read after the locks were had, by a statement of its own: a statement sees what was there when it began, and would show rows
/// again that another relay has published while this one waited. Some of each lane, so that none waits for others.
const READ: &str = "SELECT lane, position, topic, key, envelope FROM ( \
        SELECT oldest.lane, position, topic, key, envelope, \
            sum(octet_length(envelope)) OVER (ORDER BY position) - octet_length(envelope) AS bytes_before \
        FROM unnest($1::smallint[]) AS number (lane) CROSS JOIN LATERAL ( \
            SELECT lane, position, topic, key, envelope FROM outbox \
            WHERE outbox.lane = number.lane ORDER BY position LIMIT $2) AS oldest \
    ) AS weighed WHERE bytes_before = 0 OR bytes_before + octet_length(envelope) <= $3 ORDER BY position";
/// By positions, never by a range: a row with a lower position may be committed after these were read.
const DELETE: &str = "DELETE FROM outbox USING unnest($1::smallint[], $2::bigint[]) AS published (lane, position) \
    WHERE outbox.lane = published.lane AND outbox.position = published.position";

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
    /// Whether there was more than a batch may be.
    pub is_full: bool,
    /// Why the bus hasn't the others, and of which lanes they are.
    pub failed: Option<(BatchError, BTreeSet<i16>)>,
}

/// How much at once, and how long that may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchBounds {
    pub messages_max: usize,
    pub publish_timeout: Duration,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = SmallInt)]
    lane: i16,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SmallInt)]
    lane: i16,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    envelope: String,
}

/// Rows by lane and position.
type Rows = BTreeSet<(i16, i64)>;

/// Publishes the oldest messages of some lanes, but for those that another relay is at.
pub(super) async fn publish_batch(
    database: &Database,
    bus: &dyn Bus,
    lanes: &[i16],
    bounds: BatchBounds,
) -> Result<Batch, BatchError> {
    let of_each = bounds.messages_max.div_ceil(lanes.len().max(1));
    database
        .unit(async |connection| {
            let rows = lock_and_read(connection, lanes, of_each).await?;
            let mut open: Rows = rows.iter().map(|row| (row.lane, row.position)).collect();
            let is_full = lanes.iter().any(|lane| rows.iter().filter(|row| row.lane == *lane).count() >= of_each);
            let mut published = Rows::new();
            let publishing = publish((bus, database.metrics()), rows, &mut published);
            let failed = match tokio::time::timeout(bounds.publish_timeout, publishing).await {
                Ok(outcome) => outcome.err(),
                Err(_) => Some(BatchError::Slow(bounds.publish_timeout)),
            };
            delete(connection, &published).await?;
            open.retain(|row| !published.contains(row));
            let failed = failed.map(|error| (error, open.into_iter().map(|(lane, _)| lane).collect()));
            Ok::<_, BatchError>(Batch { published: published.len(), is_full, failed })
        })
        .await
}

async fn lock_and_read(
    connection: &mut AsyncPgConnection,
    lanes: &[i16],
    of_each: usize,
) -> Result<Vec<Row>, BatchError> {
    let numbers: Vec<i32> = lanes.iter().copied().map(i32::from).collect();
    let lock = sql_query(LOCK).bind::<Integer, _>(LOCK_CLASS).bind::<Array<Integer>, _>(numbers);
    let locked: Vec<Locked> = cached(lock).load(connection).await?;
    if locked.is_empty() {
        return Ok(Vec::new());
    }
    let locked: Vec<i16> = locked.into_iter().map(|Locked { lane }| lane).collect();
    let read = sql_query(READ)
        .bind::<Array<SmallInt>, _>(locked)
        .bind::<BigInt, _>(i64::try_from(of_each).unwrap_or(i64::MAX))
        .bind::<BigInt, _>(BATCH_BYTES_MAX);
    Ok(cached(read).load(connection).await?)
}

/// Publishes topic by topic, each in the order of its rows, and tells what the bus has. One topic that fails doesn't keep the
/// others.
async fn publish(
    (bus, metrics): (&dyn Bus, &ServiceMetrics),
    rows: Vec<Row>,
    published: &mut Rows,
) -> Result<(), BatchError> {
    let mut topics: BTreeMap<String, (Rows, Vec<Message>)> = BTreeMap::new();
    for Row { lane, position, topic, key, envelope } in rows {
        let (of_topic, messages) = topics.entry(topic).or_default();
        of_topic.insert((lane, position));
        messages.push(Message { key: key.into(), text: envelope.into() });
    }
    let mut outcome = Ok(());
    for (name, (mut of_topic, messages)) in topics {
        let Some(topic) = Topic::parse(&name) else {
            outcome = Err(BatchError::Topic(name));
            continue;
        };
        match publishing(&topic, &messages).run(bus.publish(&topic, &messages)).await {
            Ok(()) => {
                metrics.sent(&topic, messages.len());
                published.append(&mut of_topic);
            }
            Err(source) => outcome = Err(BatchError::Bus { topic: name, source }),
        }
    }
    outcome
}

/// A batch of one topic.
fn publishing(topic: &Topic, messages: &[Message]) -> Span {
    let texts = messages.iter().map(|message| &*message.text);
    Span::producer(
        texts,
        |text| Traced::read(text).traceparent,
        || {
            let attributes = vec![
                ("messaging.operation.type", "send".into()),
                ("messaging.destination.name", topic.to_string().into()),
                ("messaging.batch.message_count", i64::try_from(messages.len()).unwrap_or(i64::MAX).into()),
            ];
            (format!("send {topic}"), attributes)
        },
    )
}

async fn delete(connection: &mut AsyncPgConnection, published: &Rows) -> Result<(), BatchError> {
    if !published.is_empty() {
        let (lanes, positions): (Vec<i16>, Vec<i64>) = published.iter().copied().unzip();
        let delete = sql_query(DELETE).bind::<Array<SmallInt>, _>(lanes).bind::<Array<BigInt>, _>(positions);
        cached(delete).execute(connection).await?;
    }
    Ok(())
}
