//! Adding to what has happened.

use diesel::{
    result::{DatabaseErrorKind, Error as Statement},
    sql_query,
    sql_types::{Array, BigInt, Integer, SmallInt, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use wire::bus::MESSAGE_BYTES_MAX;

use super::{Aggregate, EventSet as _, Loaded, Metadata, StoreError, StoredData, snapshot};
use crate::database::{cached, wake_after_commit};

/// Events of one append: nobody else can append while they are written, some 10 ms.
pub const APPEND_EVENTS_MAX: usize = 1_000;
/// Bytes of one event's data: as much as a message's, in which it may have to travel.
pub const EVENT_BYTES_MAX: usize = MESSAGE_BYTES_MAX;
/// Bytes of the metadata: four ids.
const METADATA_BYTES_MAX: usize = 4_096;
/// Two events of one stream can't have the same version.
const STREAM_VERSION: &str = "event_stream_version";

/// Takes the head first, and with it the right to append.
const APPEND: &str = "WITH head AS ( \
        UPDATE event_head SET position = position + $1 RETURNING position - $1 AS before, clock_timestamp() AS now), \
    appended AS ( \
        INSERT INTO event (position, stream, stream_id, version, type, type_version, data, metadata, recorded_at) \
        SELECT head.before + number, $2, $3, $4 + number, type, type_version, data, $5, head.now \
        FROM head, unnest($6::text[], $7::smallint[], $8::text[]) WITH ORDINALITY AS new (type, type_version, data, number) \
        ORDER BY number) \
    SELECT FROM head";

/// Adds events to an aggregate, if it still is at the version at which it was read, and returns it with them.
///
/// Must be done in a transaction, as the last thing of it: from here to the commit nobody else can append.
///
/// # Errors
/// [`StoreError::Conflict`] if something else has happened to it; [`StoreError::TooMany`], [`StoreError::TooLong`] and
/// [`StoreError::Unwritable`] before anything is written; [`StoreError::Database`].
pub async fn append<A: Aggregate>(
    connection: &mut AsyncPgConnection,
    mut loaded: Loaded<A>,
    events: Vec<A::Event>,
    metadata: &Metadata,
) -> Result<Loaded<A>, StoreError> {
    if events.is_empty() {
        return Ok(loaded);
    }
    let expected = loaded.version;
    check_number(expected, events.len())?;
    let metadata = checked(serde_json::to_string(metadata)?, METADATA_BYTES_MAX)?;
    let mut stored = Vec::with_capacity(events.len());
    for event in &events {
        let StoredData { name, version, data } = event.to_stored()?;
        stored.push(StoredData { name, version, data: checked(data, EVENT_BYTES_MAX)? });
        loaded.apply(event);
    }
    if loaded.version - loaded.snapshot_version >= A::SNAPSHOT_EVERY {
        snapshot::write(connection, &mut loaded).await?;
    }
    insert::<A>(connection, &loaded, expected, &metadata, &stored).await?;
    wake_after_commit(connection).await?;
    Ok(loaded)
}

async fn insert<A: Aggregate>(
    connection: &mut AsyncPgConnection,
    loaded: &Loaded<A>,
    expected: u32,
    metadata: &str,
    stored: &[StoredData],
) -> Result<(), StoreError> {
    let names: Vec<&str> = stored.iter().map(|event| event.name).collect();
    let versions: Vec<i16> = stored.iter().map(|event| event.version.cast_signed()).collect();
    let data: Vec<&str> = stored.iter().map(|event| &*event.data).collect();
    let append = sql_query(APPEND)
        .bind::<BigInt, _>(stored.len() as i64)
        .bind::<Text, _>(A::NAME)
        .bind::<SqlUuid, _>(loaded.id)
        .bind::<Integer, _>(expected.cast_signed())
        .bind::<Text, _>(metadata)
        .bind::<Array<Text>, _>(names)
        .bind::<Array<SmallInt>, _>(versions)
        .bind::<Array<Text>, _>(data);
    match cached(append).execute(connection).await {
        // Without its head the store gives out no position, and takes nothing.
        Ok(0) => Err(Statement::NotFound.into()),
        Ok(_one) => Ok(()),
        Err(Statement::DatabaseError(DatabaseErrorKind::UniqueViolation, told))
            if told.constraint_name() == Some(STREAM_VERSION) =>
        {
            // Said in the words in which a database says it, so that a unit of work is done again.
            let source = Statement::DatabaseError(DatabaseErrorKind::SerializationFailure, told);
            Err(StoreError::Conflict { stream: A::NAME, id: loaded.id, version: expected, source })
        }
        Err(error) => Err(error.into()),
    }
}

/// Versions are 31 bits in the table.
fn check_number(expected: u32, events: usize) -> Result<(), StoreError> {
    let last = u32::try_from(events).ok().and_then(|events| expected.checked_add(events));
    match last {
        Some(last) if events <= APPEND_EVENTS_MAX && i32::try_from(last).is_ok() => Ok(()),
        _ => Err(StoreError::TooMany { events }),
    }
}

fn checked(text: String, bytes_max: usize) -> Result<String, StoreError> {
    match text.len() <= bytes_max {
        true => Ok(text),
        false => Err(StoreError::TooLong { bytes: text.len(), bytes_max }),
    }
}
