//! Topics by their numbers.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use diesel::{
    OptionalExtension as _, QueryableByName, sql_query,
    sql_types::{Integer, SmallInt, Text},
};
use diesel_async::RunQueryDsl as _;
use wire::topic::{PARTITIONS, Topic};

use crate::database::{Database, DatabaseError, cached};

/// A topic in the tables. Neither of these ever changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TopicRow {
    pub id: i32,
    pub partitions: u16,
}

/// The topics that this process has met: as many as it names.
#[derive(Default)]
pub(super) struct Topics(Mutex<HashMap<Topic, TopicRow>>);

const FIND: &str = "SELECT id, partitions FROM log_topic WHERE name = $1";
/// With its partitions, or not at all.
const MAKE: &str = "WITH made AS ( \
        INSERT INTO log_topic (name, partitions) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING id, partitions) \
    INSERT INTO log_partition (topic_id, partition) SELECT id, generate_series(0, partitions - 1) FROM made";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = SmallInt)]
    partitions: i16,
}

impl Topics {
    /// The topic's row, which is made if there is none.
    pub(super) async fn find(&self, database: &Database, topic: &Topic) -> Result<TopicRow, DatabaseError> {
        if let Some(&row) = self.known().get(topic) {
            return Ok(row);
        }
        let mut connection = database.connection().await?;
        let name = topic.to_string();
        let find = || sql_query(FIND).bind::<Text, _>(name.clone());
        let found: Option<Row> = cached(find()).get_result(&mut connection).await.optional()?;
        let row = match found {
            Some(row) => row,
            None => {
                let make = sql_query(MAKE).bind::<Text, _>(&name).bind::<SmallInt, _>(PARTITIONS.cast_signed());
                cached(make).execute(&mut connection).await?;
                cached(find()).get_result(&mut connection).await?
            }
        };
        let row = TopicRow { id: row.id, partitions: row.partitions.unsigned_abs() };
        self.known().insert(topic.clone(), row);
        Ok(row)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<Topic, TopicRow>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
