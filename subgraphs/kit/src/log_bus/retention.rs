//! Throwing away what nobody needs any more: see [`LogBusConfig`].

use std::time::Duration;

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Double, Integer, SmallInt},
};
use diesel_async::RunQueryDsl as _;
use tokio_util::sync::CancellationToken;

use super::LogBusConfig;
use crate::{
    database::{Database, DatabaseError, cached},
    outage::Outage,
};

/// Rows of one statement: some milliseconds of work.
const ROWS_MAX: i64 = 1_000;

/// Partitions whose oldest message is old enough, and up to where groups that count have acknowledged them.
const OLD: &str = "SELECT topic_id, partition, coalesce(( \
        SELECT min(acknowledged) FROM log_subscription JOIN log_group ON log_group.id = group_id \
        WHERE log_group.topic_id = log_partition.topic_id AND log_subscription.partition = log_partition.partition \
            AND seen_at > now() - make_interval(secs => $1)), position) AS needless \
    FROM log_partition WHERE ( \
        SELECT published_at FROM log_message \
        WHERE log_message.topic_id = log_partition.topic_id AND log_message.partition = log_partition.partition \
        ORDER BY log_message.position LIMIT 1) < now() - make_interval(secs => $1)";
/// The oldest first, and of those only what is old enough: looking further would read all that is kept.
const CLEAR: &str = "DELETE FROM log_message WHERE topic_id = $1 AND partition = $2 AND position IN ( \
    SELECT position FROM ( \
        SELECT position, published_at FROM log_message \
        WHERE topic_id = $1 AND partition = $2 AND position <= $3 ORDER BY position LIMIT $4) AS oldest \
    WHERE published_at < now() - make_interval(secs => $5))";

#[derive(QueryableByName)]
struct Partition {
    #[diesel(sql_type = Integer)]
    topic_id: i32,
    #[diesel(sql_type = SmallInt)]
    partition: i16,
    #[diesel(sql_type = BigInt)]
    needless: i64,
}

/// Throws away what is older than `kept` and needed by nobody; how many messages.
pub(super) async fn clear(database: &Database, kept: Duration) -> Result<u64, DatabaseError> {
    let old = sql_query(OLD).bind::<Double, _>(kept.as_secs_f64());
    let partitions: Vec<Partition> = cached(old).load(&mut database.connection().await?).await?;
    let mut cleared = 0;
    for Partition { topic_id, partition, needless } in partitions {
        loop {
            let clear = sql_query(CLEAR)
                .bind::<Integer, _>(topic_id)
                .bind::<SmallInt, _>(partition)
                .bind::<BigInt, _>(needless)
                .bind::<BigInt, _>(ROWS_MAX)
                .bind::<Double, _>(kept.as_secs_f64());
            let rows = cached(clear).execute(&mut database.connection().await?).await?;
            let rows = i64::try_from(rows).unwrap_or(i64::MAX);
            cleared += rows.unsigned_abs();
            if rows < ROWS_MAX {
                break;
            }
        }
    }
    Ok(cleared)
}

/// Clears now and then until `stop`. Of several at the same time each finds what the others left.
pub(super) async fn keep_clearing(database: Database, config: LogBusConfig, stop: CancellationToken) {
    let mut outage = Outage::none("clearing the bus of old messages");
    let mut wait = config.cleared_every();
    while stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_some() {
        wait = match stop.run_until_cancelled(clear(&database, config.kept())).await {
            None => return,
            Some(Ok(_cleared)) => {
                outage.ended();
                config.cleared_every()
            }
            Some(Err(error)) => outage.failed(&error),
        };
    }
}
