//! Reading messages.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Integer, SmallInt, Text},
};
use diesel_async::RunQueryDsl as _;

use crate::database::{Database, DatabaseError, cached};

const WHERE_GROUP_IS: &str =
    "SELECT partition, acknowledged FROM log_subscription WHERE group_id = $1 AND partition = ANY($2)";
/// Partition after partition in the order given, until there are enough.
const FETCH: &str = "SELECT message.partition, message.position, message.key, message.text \
    FROM unnest($2::smallint[], $3::bigint[]) AS held (partition, after) CROSS JOIN LATERAL ( \
        SELECT partition, position, key, text FROM log_message \
        WHERE topic_id = $1 AND log_message.partition = held.partition AND position > held.after \
        ORDER BY position LIMIT $4) AS message LIMIT $4";

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = SmallInt)]
    partition: i16,
    #[diesel(sql_type = BigInt)]
    acknowledged: i64,
}

/// A message as it is kept.
#[derive(QueryableByName)]
pub(super) struct MessageRow {
    #[diesel(sql_type = SmallInt)]
    pub partition: i16,
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub text: String,
}

/// Up to where a group has acknowledged some partitions.
pub(super) async fn where_group_is(
    database: &Database,
    group: i16,
    partitions: &[u16],
) -> Result<Vec<(u16, u64)>, DatabaseError> {
    let partitions: Vec<i16> = partitions.iter().map(|partition| partition.cast_signed()).collect();
    let statement = sql_query(WHERE_GROUP_IS).bind::<SmallInt, _>(group).bind::<Array<SmallInt>, _>(partitions);
    let rows: Vec<GroupRow> = cached(statement).load(&mut database.connection().await?).await?;
    Ok(rows.into_iter().map(|row| (row.partition.unsigned_abs(), row.acknowledged.unsigned_abs())).collect())
}

/// At most so many messages of a topic's partitions, each after a position.
pub(super) async fn fetch(
    database: &Database,
    topic: i32,
    after: &[(u16, u64)],
    most: usize,
) -> Result<Vec<MessageRow>, DatabaseError> {
    let partitions: Vec<i16> = after.iter().map(|(partition, _)| partition.cast_signed()).collect();
    let positions: Vec<i64> = after.iter().map(|(_, position)| position.cast_signed()).collect();
    let statement = sql_query(FETCH)
        .bind::<Integer, _>(topic)
        .bind::<Array<SmallInt>, _>(partitions)
        .bind::<Array<BigInt>, _>(positions)
        .bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX));
    Ok(cached(statement).load(&mut database.connection().await?).await?)
}
