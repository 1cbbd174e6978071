//! From events to a state.

use diesel::{
    sql_query,
    sql_types::{BigInt, Integer, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use super::{Aggregate, Loaded, Recorded, StoreError, recorded::Row, snapshot};
use crate::database::cached;

/// Events of one read: what is held of a long stream whose snapshot is of another shape.
const READ_EVENTS_MAX: usize = 1_000;

const READ: &str = "SELECT position, stream, stream_id, version, type AS type_name, type_version, data, metadata, recorded_at FROM event \
    WHERE stream = $1 AND stream_id = $2 AND version > $3 ORDER BY version LIMIT $4";

/// The newest state of an aggregate; the default one, at version 0, if nothing has happened to it.
///
/// # Errors
/// [`StoreError::Unreadable`] for an event that this build can't read; [`StoreError::Database`].
pub async fn load<A: Aggregate>(connection: &mut AsyncPgConnection, id: Uuid) -> Result<Loaded<A>, StoreError> {
    let mut loaded = snapshot::read(connection, id).await?.unwrap_or_else(|| Loaded::new(id));
    loop {
        let events = read_stream::<A>(connection, id, loaded.version).await?;
        for event in &events {
            if let Some(event) = event.event_of::<A>()? {
                loaded.apply(&event);
            }
        }
        if events.len() < READ_EVENTS_MAX {
            return Ok(loaded);
        }
    }
}

async fn read_stream<A: Aggregate>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    after: u32,
) -> Result<Vec<Recorded>, StoreError> {
    let read = sql_query(READ)
        .bind::<Text, _>(A::NAME)
        .bind::<SqlUuid, _>(id)
        .bind::<Integer, _>(after.cast_signed())
        .bind::<BigInt, _>(READ_EVENTS_MAX as i64);
    let rows: Vec<Row> = cached(read).load(connection).await?;
    Ok(rows.into_iter().map(Recorded::from).collect())
}
