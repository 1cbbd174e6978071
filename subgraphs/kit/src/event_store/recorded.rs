//! An event as it stands in the store.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Integer, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use uuid::Uuid;

use super::{Aggregate, EventSet as _, Metadata, StoreError};

/// One event among all of its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place among all events, from 1, without gaps.
    pub position: u64,
    /// The kind of its aggregate.
    pub stream: String,
    /// Its aggregate.
    pub stream_id: Uuid,
    /// Which version of the aggregate it made, from 1.
    pub version: u32,
    /// Its type.
    pub type_name: String,
    /// Its type's version.
    pub type_version: u16,
    /// Its JSON, byte for byte as it was written.
    pub data: String,
    /// The JSON of its [`Metadata`].
    pub metadata: String,
    /// When it was appended, by the database's clock.
    pub recorded_at: DateTime<Utc>,
}

impl Recorded {
    /// The event, if it happened to an `A`.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if it did, and this build can't read it.
    pub fn event_of<A: Aggregate>(&self) -> Result<Option<A::Event>, StoreError> {
        if self.stream != A::NAME {
            return Ok(None);
        }
        let event = A::Event::from_stored(&self.type_name, self.type_version, &self.data);
        event.map(Some).map_err(|source| StoreError::Unreadable {
            stream: self.stream.clone(),
            id: self.stream_id,
            version: self.version,
            source,
        })
    }

    /// How it came about. Nothing is known if the text isn't what this build writes.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        serde_json::from_str(&self.metadata).unwrap_or_default()
    }
}

/// The row; its columns in any order.
#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    stream: String,
    #[diesel(sql_type = SqlUuid)]
    stream_id: Uuid,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    type_name: String,
    #[diesel(sql_type = SmallInt)]
    type_version: i16,
    #[diesel(sql_type = Text)]
    data: String,
    #[diesel(sql_type = Text)]
    metadata: String,
    #[diesel(sql_type = Timestamptz)]
    recorded_at: DateTime<Utc>,
}

impl From<Row> for Recorded {
    /// Numbers are positive by the table's checks.
    fn from(row: Row) -> Self {
        Self {
            position: row.position.unsigned_abs(),
            stream: row.stream,
            stream_id: row.stream_id,
            version: row.version.unsigned_abs(),
            type_name: row.type_name,
            type_version: row.type_version.unsigned_abs(),
            data: row.data,
            metadata: row.metadata,
            recorded_at: row.recorded_at,
        }
    }
}
