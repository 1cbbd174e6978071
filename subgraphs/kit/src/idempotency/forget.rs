//! Forgetting old keys.

use std::time::Duration;

use diesel::{
    sql_query,
    sql_types::{BigInt, Double},
};
use diesel_async::RunQueryDsl as _;
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, DatabaseError, cached},
    outage::Outage,
};

/// How long a key stands for what was done under it: 24 hours, as payment services have it.
pub const AGE_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// How often [`keep_forgetting`] looks.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Rows of one statement: some milliseconds, so that nobody waits for their locks.
const ROWS_MAX: i64 = 1_000;

const FORGET: &str = "DELETE FROM idempotency WHERE (scope, key) IN ( \
    SELECT scope, key FROM idempotency WHERE created_at < now() - make_interval(secs => $1) \
    ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)";

/// Forgets keys first used longer ago than [`AGE_MAX`], a thousand a statement; how many. They stand for nothing any more, and only
/// take room.
///
/// # Errors
/// Those of the database; what was forgotten until then stays so.
pub async fn forget(database: &Database) -> Result<u64, DatabaseError> {
    let mut forgotten = 0;
    loop {
        let mut connection = database.connection().await?;
        let statement = sql_query(FORGET).bind::<Double, _>(AGE_MAX.as_secs_f64()).bind::<BigInt, _>(ROWS_MAX);
        let rows = i64::try_from(cached(statement).execute(&mut connection).await?).unwrap_or(i64::MAX);
        forgotten += rows.unsigned_abs();
        if rows < ROWS_MAX {
            return Ok(forgotten);
        }
    }
}

/// Forgets every ten minutes until `stop`. One a service is enough, several do no harm.
pub async fn keep_forgetting(database: Database, stop: CancellationToken) {
    let mut outage = Outage::none("forgetting old idempotency keys");
    loop {
        let wait = match forget(&database).await {
            Ok(_forgotten) => {
                outage.ended();
                EVERY
            }
            Err(error) => outage.failed(&error),
        };
        if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
            return;
        }
    }
}
