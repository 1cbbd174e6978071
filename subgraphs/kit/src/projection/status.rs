//! How far projections are.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::Generation;
use crate::database::{DatabaseError, cached};

const STATUS: &str = "SELECT name, generation, version, projection.position, event_head.position AS head, \
        started_at, updated_at, events_per_second, failure FROM projection CROSS JOIN event_head ORDER BY name, generation";

/// How far a generation of a projection is.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// The projection.
    pub name: String,
    /// Which generation of it.
    pub generation: Generation,
    /// Of the code that fills it.
    pub version: u32,
    /// The last event in it.
    pub position: u64,
    /// The last event there is.
    pub head: u64,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// When its last batch was applied.
    pub updated_at: DateTime<Utc>,
    /// How fast its last batch was applied: what it can do, not what there is to do.
    pub events_per_second: f64,
    /// Why it stands still, if it does.
    pub failure: Option<String>,
}

impl Status {
    /// How many events aren't in it yet.
    #[must_use]
    pub fn behind(&self) -> u64 {
        self.head.saturating_sub(self.position)
    }

    /// How long it takes to catch up, if it goes on as before; `None` if nothing is known of that.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.behind() as f64 / self.events_per_second).ok()
    }
}

/// All generations of all projections of a database, by name.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn status(connection: &mut AsyncPgConnection) -> Result<Vec<Status>, DatabaseError> {
    let rows: Vec<Row> = cached(sql_query(STATUS)).load(connection).await?;
    Ok(rows.into_iter().filter_map(Row::status).collect())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    generation: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = BigInt)]
    head: i64,
    #[diesel(sql_type = Timestamptz)]
    started_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
    #[diesel(sql_type = Double)]
    events_per_second: f64,
    #[diesel(sql_type = Nullable<Text>)]
    failure: Option<String>,
}

impl Row {
    fn status(self) -> Option<Status> {
        Some(Status {
            generation: Generation::parse(&self.generation)?,
            name: self.name,
            version: self.version.unsigned_abs(),
            position: self.position.unsigned_abs(),
            head: self.head.unsigned_abs(),
            started_at: self.started_at,
            updated_at: self.updated_at,
            events_per_second: self.events_per_second,
            failure: self.failure,
        })
    }
}
