//! How far behind groups are.

use std::collections::BTreeMap;

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Text},
};
use diesel_async::{RunQueryDsl as _, SimpleAsyncConnection as _};
use wire::topic::Topic;

use crate::database::{Database, DatabaseError, cached};

/// What isn't kept any more is nobody's backlog: a new group begins with the oldest message there is.
const BACKLOG: &str = "SELECT log_group.name AS name, sum(log_partition.position - greatest(log_subscription.acknowledged, \
        coalesce(oldest.position - 1, log_partition.position)))::bigint AS messages \
    FROM log_topic JOIN log_group ON log_group.topic_id = log_topic.id \
        JOIN log_subscription ON log_subscription.group_id = log_group.id \
        JOIN log_partition ON log_partition.topic_id = log_topic.id AND log_partition.partition = log_subscription.partition \
        LEFT JOIN LATERAL (SELECT position FROM log_message \
            WHERE log_message.topic_id = log_topic.id AND log_message.partition = log_partition.partition \
            ORDER BY position LIMIT 1) AS oldest ON true \
    WHERE log_topic.name = $1 GROUP BY log_group.name";

/// Whoever asks for metrics doesn't wait longer, and it must not go on in the server then.
const STATEMENT_TIMEOUT: &str = "SET LOCAL statement_timeout = '500ms'";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    messages: i64,
}

/// Messages that each group hasn't acknowledged.
pub(super) async fn backlog(database: &Database, topic: &Topic) -> Result<BTreeMap<String, u64>, DatabaseError> {
    let topic = topic.to_string();
    let rows: Vec<Row> = database
        .unit(async |connection| {
            connection.batch_execute(STATEMENT_TIMEOUT).await?;
            Ok::<_, DatabaseError>(cached(sql_query(BACKLOG).bind::<Text, _>(topic.as_str())).load(connection).await?)
        })
        .await?;
    Ok(rows.into_iter().map(|Row { name, messages }| (name, u64::try_from(messages).unwrap_or(0))).collect())
}
