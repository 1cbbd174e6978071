//! Forgetting jobs that ended long ago.

use std::time::Duration;

use diesel::{
    sql_query,
    sql_types::{BigInt, Double},
};
use diesel_async::RunQueryDsl as _;

use crate::{
    database::{Database, DatabaseError, cached},
    outage::Outage,
};

/// How often a runner looks.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Rows of one statement: some milliseconds, so that nobody waits for their locks.
const ROWS_MAX: i64 = 1_000;

const FORGET: &str = "DELETE FROM job WHERE id IN (SELECT id FROM job \
    WHERE finished_at < now() - make_interval(secs => CASE state WHEN 'failed' THEN $2 ELSE $1 END) \
        AND finished_at < now() - make_interval(secs => least($1, $2)) \
    ORDER BY finished_at LIMIT $3 FOR UPDATE SKIP LOCKED)";

/// Forgets jobs that were done or cancelled longer ago than `age`, and those that failed longer ago than `age_failed`, a thousand
/// a statement; how many. What is forgotten can be wanted again under its key.
///
/// # Errors
/// Those of the database; what was forgotten until then stays so.
pub async fn forget(database: &Database, age: Duration, age_failed: Duration) -> Result<u64, DatabaseError> {
    let mut forgotten = 0;
    loop {
        let mut connection = database.connection().await?;
        let statement = sql_query(FORGET)
            .bind::<Double, _>(age.as_secs_f64())
            .bind::<Double, _>(age_failed.as_secs_f64())
            .bind::<BigInt, _>(ROWS_MAX);
        let rows = i64::try_from(cached(statement).execute(&mut connection).await?).unwrap_or(i64::MAX);
        forgotten += rows.unsigned_abs();
        if rows < ROWS_MAX {
            return Ok(forgotten);
        }
    }
}

/// Forgets every ten minutes, for ever.
pub(super) async fn keep_forgetting(database: &Database, age: Duration, age_failed: Duration) {
    let mut outage = Outage::none("forgetting old jobs");
    loop {
        let wait = match forget(database, age, age_failed).await {
            Ok(_forgotten) => {
                outage.ended();
                EVERY
            }
            Err(error) => outage.failed(&error),
        };
        tokio::time::sleep(wait).await;
    }
}
