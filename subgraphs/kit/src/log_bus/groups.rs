//! Groups of consumers by their numbers.

use diesel::{
    OptionalExtension as _, QueryableByName, sql_query,
    sql_types::{Integer, SmallInt, Text},
};
use diesel_async::RunQueryDsl as _;

use super::topics::TopicRow;
use crate::database::{Database, DatabaseError, cached};

const FIND: &str = "UPDATE log_group SET seen_at = now() WHERE topic_id = $1 AND name = $2 RETURNING id";
/// With all of its partitions, or not at all. Only when it isn't there: even in vain it uses up one of the numbers, which are
/// few.
const MAKE: &str = "WITH made AS ( \
        INSERT INTO log_group (topic_id, name) VALUES ($1, $2) ON CONFLICT (topic_id, name) DO NOTHING RETURNING id) \
    INSERT INTO log_subscription (group_id, partition) SELECT id, generate_series(0, $3::integer - 1) FROM made";

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = SmallInt)]
    id: i16,
}

/// The number of a group, which is made if there is none.
pub(super) async fn find_group(database: &Database, topic: TopicRow, name: &str) -> Result<i16, DatabaseError> {
    let mut connection = database.connection().await?;
    let find = || cached(sql_query(FIND).bind::<Integer, _>(topic.id).bind::<Text, _>(name.to_owned()));
    let found: Option<GroupRow> = find().get_result(&mut connection).await.optional()?;
    if let Some(GroupRow { id }) = found {
        return Ok(id);
    }
    let make = sql_query(MAKE)
        .bind::<Integer, _>(topic.id)
        .bind::<Text, _>(name)
        .bind::<Integer, _>(i32::from(topic.partitions));
    cached(make).execute(&mut connection).await?;
    let GroupRow { id } = find().get_result(&mut connection).await?;
    Ok(id)
}
