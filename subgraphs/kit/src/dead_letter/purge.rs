//! Throwing dead letters away.

use std::time::Duration;

use diesel::{
    sql_query,
    sql_types::{BigInt, Double, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::database::{Database, DatabaseError, cached};

/// Rows of one statement: texts may be long, and nobody shall wait for their locks.
const ROWS_MAX: i64 = 500;

const PURGE: &str = "DELETE FROM dead_letter WHERE id = $1";
const PURGE_OLDER: &str = "DELETE FROM dead_letter WHERE id IN ( \
    SELECT id FROM dead_letter WHERE given_up_at < now() - make_interval(secs => $1) \
    ORDER BY given_up_at LIMIT $2 FOR UPDATE SKIP LOCKED)";

/// Throws one letter away; whether there was one. Its consumer keeps taking the message for done.
///
/// # Errors
/// Those of the database.
pub async fn purge(database: &Database, id: Uuid) -> Result<bool, DatabaseError> {
    let mut connection = database.connection().await?;
    Ok(cached(sql_query(PURGE).bind::<SqlUuid, _>(id)).execute(&mut connection).await? == 1)
}

/// Throws letters away that were given up longer ago, replayed or not; how many.
///
/// # Errors
/// Those of the database; what was purged until then stays so.
pub async fn purge_older(database: &Database, age: Duration) -> Result<u64, DatabaseError> {
    let mut purged = 0;
    loop {
        let mut connection = database.connection().await?;
        let statement = sql_query(PURGE_OLDER).bind::<Double, _>(age.as_secs_f64()).bind::<BigInt, _>(ROWS_MAX);
        let rows = i64::try_from(cached(statement).execute(&mut connection).await?).unwrap_or(i64::MAX);
        purged += rows.unsigned_abs();
        if rows < ROWS_MAX {
            return Ok(purged);
        }
    }
}
