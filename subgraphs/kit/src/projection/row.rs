//! A generation's row: how far it is, and the lock of whoever works on it.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Bool, Integer, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::{Definition, Generation};
use crate::database::{DatabaseError, cached, storable};

/// Characters of a failure that are kept.
const FAILURE_CHARACTERS_MAX: usize = 2_000;

const READ: &str = "SELECT generation, version, position, failure IS NOT NULL AS is_failed FROM projection WHERE name = $1 ORDER BY generation";
/// In one order, so that no two wait for each other.
const LOCK_ALL: &str = "SELECT generation, version, position, failure IS NOT NULL AS is_failed FROM projection WHERE name = $1 ORDER BY generation FOR UPDATE";
const TRY_LOCK: &str = "SELECT generation, version, position, failure IS NOT NULL AS is_failed FROM projection WHERE name = $1 AND generation = $2 \
    FOR UPDATE SKIP LOCKED";
const INSERT: &str = "INSERT INTO projection (name, generation, version, position) VALUES ($1, $2, $3, 0)";
/// The transaction's time until now is the batch's.
const ADVANCE: &str = "UPDATE projection SET position = $3, updated_at = clock_timestamp(), failure = NULL, \
        events_per_second = ($3 - position) / greatest(extract(epoch FROM clock_timestamp() - now()), 0.000001) \
    WHERE name = $1 AND generation = $2";
const BECOME: &str = "UPDATE projection SET generation = $3 WHERE name = $1 AND generation = $2";
const DELETE: &str = "DELETE FROM projection WHERE name = $1 AND generation = $2";
const RECOVER: &str = "UPDATE projection SET failure = NULL WHERE name = $1 AND generation = $2";
const FAIL: &str = "UPDATE projection SET failure = $4 WHERE name = $1 AND generation = $2 AND version = $3";

/// How far a generation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    pub generation: Generation,
    pub version: u16,
    pub position: u64,
    /// Whether somebody has said that it stands still.
    pub is_failed: bool,
}

/// The generations that there are.
pub(super) async fn read(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
) -> Result<Vec<Progress>, DatabaseError> {
    let rows: Vec<Row> = cached(sql_query(READ).bind::<Text, _>(definition.name)).load(connection).await?;
    Ok(rows.into_iter().filter_map(Row::progress).collect())
}

/// The same, after whoever works on them has done with it.
pub(super) async fn lock_all(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
) -> Result<Vec<Progress>, DatabaseError> {
    let rows: Vec<Row> = cached(sql_query(LOCK_ALL).bind::<Text, _>(definition.name)).load(connection).await?;
    Ok(rows.into_iter().filter_map(Row::progress).collect())
}

/// A generation, unless there is none or somebody else works on it.
pub(super) async fn try_lock(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> Result<Option<Progress>, DatabaseError> {
    let lock = sql_query(TRY_LOCK).bind::<Text, _>(definition.name).bind::<Text, _>(generation.as_str());
    let rows: Vec<Row> = cached(lock).load(connection).await?;
    Ok(rows.into_iter().find_map(Row::progress))
}

/// A generation with nothing in it.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> Result<(), DatabaseError> {
    let insert = sql_query(INSERT)
        .bind::<Text, _>(definition.name)
        .bind::<Text, _>(generation.as_str())
        .bind::<Integer, _>(i32::from(definition.version));
    cached(insert).execute(connection).await?;
    Ok(())
}

/// All up to `position` is in it.
pub(super) async fn advance(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
    position: u64,
) -> Result<(), DatabaseError> {
    let advance = sql_query(ADVANCE)
        .bind::<Text, _>(definition.name)
        .bind::<Text, _>(generation.as_str())
        .bind::<BigInt, _>(position.cast_signed());
    cached(advance).execute(connection).await?;
    Ok(())
}

/// It takes another one's place, which must be free.
pub(super) async fn become_generation(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    (from, to): (Generation, Generation),
) -> Result<(), DatabaseError> {
    let update =
        sql_query(BECOME).bind::<Text, _>(definition.name).bind::<Text, _>(from.as_str()).bind::<Text, _>(to.as_str());
    cached(update).execute(connection).await?;
    Ok(())
}

/// It is no more.
pub(super) async fn delete(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> Result<(), DatabaseError> {
    let delete = sql_query(DELETE).bind::<Text, _>(definition.name).bind::<Text, _>(generation.as_str());
    cached(delete).execute(connection).await?;
    Ok(())
}

/// It stands still no more, although there is nothing to do.
pub(super) async fn recover(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> Result<(), DatabaseError> {
    let recover = sql_query(RECOVER).bind::<Text, _>(definition.name).bind::<Text, _>(generation.as_str());
    cached(recover).execute(connection).await?;
    Ok(())
}

/// It stands still until its next batch, for everybody to see.
pub(super) async fn note_failure(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
    failure: &str,
) -> Result<(), DatabaseError> {
    let update = sql_query(FAIL)
        .bind::<Text, _>(definition.name)
        .bind::<Text, _>(generation.as_str())
        .bind::<Integer, _>(i32::from(definition.version))
        .bind::<Text, _>(storable(failure, FAILURE_CHARACTERS_MAX));
    cached(update).execute(connection).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    generation: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Bool)]
    is_failed: bool,
}

impl Row {
    /// A generation that this build doesn't know is another build's.
    fn progress(self) -> Option<Progress> {
        let generation = Generation::parse(&self.generation)?;
        let version = u16::try_from(self.version).unwrap_or(u16::MAX);
        Some(Progress { generation, version, position: self.position.unsigned_abs(), is_failed: self.is_failed })
    }
}
