//! All events in their order.

use diesel::{QueryableByName, sql_query, sql_types::BigInt};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::{Recorded, StoreError, recorded::Row};
use crate::database::{DatabaseError, cached};

/// Bytes of the data of one read, but for the first event, which may be longer: what a reader holds.
const READ_BYTES_MAX: i64 = 8 * 1024 * 1024;

const READ: &str = "SELECT position, stream, stream_id, version, type AS type_name, type_version, data, metadata, recorded_at FROM ( \
        SELECT *, sum(octet_length(data) + octet_length(metadata)) OVER (ORDER BY position) AS bytes FROM ( \
            SELECT * FROM event WHERE position > $1 ORDER BY position LIMIT $2) AS following \
    ) AS weighed WHERE position = $1 + 1 OR bytes <= $3 ORDER BY position";
const HEAD: &str = "SELECT position FROM event_head";

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// At most `events_max` events after `position`, in their order; none if there is none yet. Fewer when they are long.
///
/// # Errors
/// [`StoreError::Gap`] if any is missing; [`StoreError::Database`].
pub async fn read_after(
    connection: &mut AsyncPgConnection,
    position: u64,
    events_max: u32,
) -> Result<Vec<Recorded>, StoreError> {
    let read = sql_query(READ)
        .bind::<BigInt, _>(position.cast_signed())
        .bind::<BigInt, _>(i64::from(events_max))
        .bind::<BigInt, _>(READ_BYTES_MAX);
    let rows: Vec<Row> = cached(read).load(connection).await?;
    let events: Vec<Recorded> = rows.into_iter().map(Recorded::from).collect();
    let mut after = position;
    for event in &events {
        if event.position != after + 1 {
            return Err(StoreError::Gap { after, found: event.position });
        }
        after = event.position;
    }
    Ok(events)
}

/// The position of the last event; 0 if there is none.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn head(connection: &mut AsyncPgConnection) -> Result<u64, DatabaseError> {
    let Head { position } = cached(sql_query(HEAD)).get_result(connection).await?;
    Ok(position.unsigned_abs())
}
