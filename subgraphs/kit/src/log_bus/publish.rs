//! Publishing: one statement for messages of any partitions.

use diesel::{
    sql_query,
    sql_types::{Array, Integer, SmallInt, Text},
};
use diesel_async::RunQueryDsl as _;
use wire::{
    bus::{BusError, Message, check_lengths},
    topic::Topic,
};

use super::{
    LogBus, in_time,
    notice::{Notice, Partitions},
    topics::TopicRow,
};
use crate::{
    database::{Database, DatabaseError, cached, describe},
    key_hash::partition,
};

/// Messages of one statement: its locks are held as long as it takes.
const MESSAGES_MAX: usize = 1_000;

/// Partitions are locked in their order, so that publishers don't wait for each other in a circle, and until the end of the
/// transaction, which is this statement's: whoever comes next begins behind positions that are all visible by then. The count
/// is taken from the locked row, which is the newest whatever the statement saw when it began.
const PUBLISH: &str = "WITH incoming AS ( \
        SELECT partition, key, text, number FROM unnest($2::smallint[], $3::text[], $4::text[]) \
        WITH ORDINALITY AS message (partition, key, text, number)), \
    grown AS (SELECT partition, count(*) AS messages FROM incoming GROUP BY partition), \
    locked AS MATERIALIZED ( \
        SELECT partition, position FROM log_partition \
        WHERE topic_id = $1 AND partition IN (SELECT partition FROM grown) ORDER BY partition FOR UPDATE), \
    advanced AS ( \
        UPDATE log_partition SET position = locked.position + grown.messages FROM locked JOIN grown USING (partition) \
        WHERE log_partition.topic_id = $1 AND log_partition.partition = locked.partition \
        RETURNING locked.partition, locked.position), \
    added AS ( \
        INSERT INTO log_message (topic_id, partition, position, key, text) \
        SELECT $1, partition, position + row_number() OVER (PARTITION BY partition ORDER BY number), key, text \
        FROM incoming JOIN advanced USING (partition)) \
    SELECT";
/// After the commit, for the reason that `database::wake` tells.
const TELL: &str = "SELECT pg_notify('log_bus', $1)";

pub(super) async fn publish(bus: &LogBus, topic: &Topic, messages: &[Message]) -> Result<(), BusError> {
    check_lengths(messages)?;
    let topic = in_time(bus.topics.find(&bus.database, topic)).await?;
    for messages in messages.chunks(MESSAGES_MAX) {
        in_time(add(&bus.database, topic, messages)).await?;
    }
    Ok(())
}

async fn add(database: &Database, topic: TopicRow, messages: &[Message]) -> Result<(), DatabaseError> {
    let partitions: Vec<u16> = messages.iter().map(|message| partition(&message.key, topic.partitions)).collect();
    let these = Partitions::These(partitions.iter().copied().collect());
    let notice = Notice::Messages { topic: topic.id, partitions: these };
    let partitions: Vec<i16> = partitions.into_iter().map(u16::cast_signed).collect();
    let keys: Vec<&str> = messages.iter().map(|message| &*message.key).collect();
    let texts: Vec<&str> = messages.iter().map(|message| &*message.text).collect();
    let publish = sql_query(PUBLISH)
        .bind::<Integer, _>(topic.id)
        .bind::<Array<SmallInt>, _>(partitions)
        .bind::<Array<Text>, _>(keys)
        .bind::<Array<Text>, _>(texts);
    let mut connection = database.connection().await?;
    cached(publish).execute(&mut connection).await?;
    // The messages are there, whatever becomes of this: consumers look by themselves as well.
    let told = cached(sql_query(TELL).bind::<Text, _>(notice.to_string())).execute(&mut connection).await;
    if let Err(error) = told {
        tracing::debug!(error = %describe(&error), "consumers weren't woken");
    }
    Ok(())
}
