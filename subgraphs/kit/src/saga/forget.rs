//! Forgetting sagas that ended long ago.

use std::time::Duration;

use diesel::{
    sql_query,
    sql_types::{BigInt, Double, Text},
};
use diesel_async::RunQueryDsl as _;
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, DatabaseError, cached},
    outage::Outage,
};

/// How long an ended saga is remembered: 90 days. Longer than anything that could begin it again comes again ([`crate::inbox::AGE_MAX`]),
/// and than people ask what became of a matter.
pub const AGE_MAX: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// How often it is looked.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Rows of one statement: some milliseconds.
const ROWS_MAX: i64 = 1_000;

const FORGET: &str = "DELETE FROM saga WHERE (kind, id) IN ( \
    SELECT kind, id FROM saga WHERE kind = $1 AND status = 'ended' AND updated_at < now() - make_interval(secs => $2) \
    ORDER BY updated_at LIMIT $3 FOR UPDATE SKIP LOCKED)";

/// Forgets sagas of a kind that ended longer ago than `age`, a thousand a statement; how many.
///
/// # Errors
/// Those of the database; what was forgotten until then stays so.
pub async fn forget(database: &Database, kind: &str, age: Duration) -> Result<u64, DatabaseError> {
    let mut forgotten = 0;
    loop {
        let mut connection = database.connection().await?;
        let forget =
            sql_query(FORGET).bind::<Text, _>(kind).bind::<Double, _>(age.as_secs_f64()).bind::<BigInt, _>(ROWS_MAX);
        let rows = i64::try_from(cached(forget).execute(&mut connection).await?).unwrap_or(i64::MAX);
        forgotten += rows.unsigned_abs();
        if rows < ROWS_MAX {
            return Ok(forgotten);
        }
    }
}

/// Forgets those older than [`AGE_MAX`], every hour until `stop`.
pub(super) async fn keep_forgetting(database: &Database, kind: &'static str, stop: CancellationToken) {
    let mut outage = Outage::none(format!("forgetting ended sagas {kind}"));
    while !stop.is_cancelled() {
        let wait = match forget(database, kind, AGE_MAX).await {
            Ok(_forgotten) => {
                outage.ended();
                EVERY
            }
            Err(error) => outage.failed(&error),
        };
        stop.run_until_cancelled(tokio::time::sleep(wait)).await;
    }
}
