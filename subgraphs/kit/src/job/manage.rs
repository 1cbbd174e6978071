//! Taking jobs in hand: trying failed ones again, and calling off others.

use diesel::{
    OptionalExtension as _, QueryableByName, sql_query,
    sql_types::{BigInt, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::database::{Database, DatabaseError, cached, wake_jobs_after_commit};

const RETRY: &str = "UPDATE job SET state = 'waiting', attempts = 0, due_at = now(), finished_at = NULL \
    WHERE id = $1 AND state IN ('failed', 'cancelled') RETURNING kind";
const RETRY_FAILED: &str = "UPDATE job SET state = 'waiting', attempts = 0, due_at = now(), finished_at = NULL \
    WHERE id IN (SELECT id FROM job WHERE kind = $1 AND state = 'failed' ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)";
/// Rows of one statement: some milliseconds, so that nobody waits for their locks.
const ROWS_MAX: i64 = 1_000;
const CANCEL: &str = "UPDATE job SET state = 'cancelled', lease_owner = NULL, finished_at = now() \
    WHERE id = $1 AND finished_at IS NULL";

#[derive(QueryableByName)]
struct Retried {
    #[diesel(sql_type = Text)]
    kind: String,
}

/// Has a job that failed or was cancelled tried again at once, as often as a new one, from where it last was. Whether there was one.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn retry(connection: &mut AsyncPgConnection, id: Uuid) -> Result<bool, DatabaseError> {
    let retry = cached(sql_query(RETRY).bind::<SqlUuid, _>(id));
    let retried: Option<Retried> = retry.get_result(connection).await.optional()?;
    let Some(Retried { kind }) = retried else { return Ok(false) };
    wake_jobs_after_commit(connection, &kind).await?;
    Ok(true)
}

/// As [`retry`], all of a kind that failed, a thousand a transaction; how many.
///
/// # Errors
/// Those of the database; what was done until then stays so.
pub async fn retry_failed(database: &Database, kind: &str) -> Result<u64, DatabaseError> {
    let mut retried = 0;
    loop {
        let rows = database
            .unit(async |connection| {
                let retry = sql_query(RETRY_FAILED).bind::<Text, _>(kind).bind::<BigInt, _>(ROWS_MAX);
                let rows = cached(retry).execute(connection).await?;
                if rows > 0 {
                    wake_jobs_after_commit(connection, kind).await?;
                }
                Ok::<_, DatabaseError>(i64::try_from(rows).unwrap_or(i64::MAX))
            })
            .await?;
        retried += rows.unsigned_abs();
        if rows < ROWS_MAX {
            return Ok(retried);
        }
    }
}

/// Calls off a job that waits or runs: what its handler does is broken off when the lease would be renewed, and can't finish it any
/// more. Whether there was one.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn cancel(connection: &mut AsyncPgConnection, id: Uuid) -> Result<bool, DatabaseError> {
    Ok(cached(sql_query(CANCEL).bind::<SqlUuid, _>(id)).execute(connection).await? > 0)
}
