//! States of aggregates that were put aside: what they were made of needn't be read again.
//!
//! A snapshot decides nothing. One of another shape, or that can't be read, is as good as none.

use diesel::{
    OptionalExtension as _, QueryableByName, sql_query,
    sql_types::{Integer, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use super::{Aggregate, Loaded, StoreError};
use crate::database::cached;

const READ: &str = "SELECT version, state FROM snapshot WHERE stream = $1 AND stream_id = $2 AND schema_version = $3";
const WRITE: &str = "INSERT INTO snapshot (stream, stream_id, version, schema_version, state) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (stream_id, stream) DO UPDATE SET \
        version = excluded.version, schema_version = excluded.schema_version, state = excluded.state";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    state: String,
}

/// The aggregate as it was when its snapshot was taken.
pub(super) async fn read<A: Aggregate>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
) -> Result<Option<Loaded<A>>, StoreError> {
    let read = sql_query(READ)
        .bind::<Text, _>(A::NAME)
        .bind::<SqlUuid, _>(id)
        .bind::<Integer, _>(i32::from(A::SNAPSHOT_VERSION));
    let row: Option<Row> = cached(read).get_result(connection).await.optional()?;
    let Some(Row { version, state }) = row else { return Ok(None) };
    match serde_json::from_str(&state) {
        Ok(state) => {
            let version = version.unsigned_abs();
            Ok(Some(Loaded { id, state, version, snapshot_version: version }))
        }
        Err(error) => {
            tracing::warn!(stream = A::NAME, %id, %error, "a snapshot can't be read: its shape's version wasn't changed");
            Ok(None)
        }
    }
}

/// Takes a snapshot. Whoever is late with it is refused by the events that he appends next.
pub(super) async fn write<A: Aggregate>(
    connection: &mut AsyncPgConnection,
    loaded: &mut Loaded<A>,
) -> Result<(), StoreError> {
    let write = sql_query(WRITE)
        .bind::<Text, _>(A::NAME)
        .bind::<SqlUuid, _>(loaded.id)
        .bind::<Integer, _>(loaded.version.cast_signed())
        .bind::<Integer, _>(i32::from(A::SNAPSHOT_VERSION))
        .bind::<Text, _>(serde_json::to_string(&loaded.state)?);
    cached(write).execute(connection).await?;
    loaded.snapshot_version = loaded.version;
    Ok(())
}
