//! How much there is to do.

use std::time::Duration;

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Double, Nullable, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::database::{DatabaseError, cached};

/// Those done and cancelled aren't looked at.
const STATUS: &str = "SELECT kind, count(*) FILTER (WHERE state = 'waiting') AS waiting, \
        count(*) FILTER (WHERE state = 'running') AS running, count(*) FILTER (WHERE state = 'failed') AS failed, \
        extract(epoch FROM clock_timestamp() - min(due_at) FILTER (WHERE state = 'waiting' AND due_at <= clock_timestamp()))\
        ::float8 AS oldest_seconds, \
        coalesce(sum(done) FILTER (WHERE state = 'running'), 0)::bigint AS done, \
        coalesce(sum(total) FILTER (WHERE state = 'running'), 0)::bigint AS total \
    FROM (SELECT kind, state, due_at, done, total FROM job WHERE finished_at IS NULL \
        UNION ALL SELECT kind, state, due_at, done, total FROM job WHERE state = 'failed') AS open GROUP BY kind ORDER BY kind";

/// What there is of a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct KindStatus {
    /// The kind.
    pub kind: String,
    /// Those that wait: for room, for their time, or for another attempt.
    pub waiting: u64,
    /// Those that a runner has.
    pub running: u64,
    /// Those that were given up.
    pub failed: u64,
    /// For how long the oldest could have been taken; `None` if all that are due are taken.
    pub oldest_waiting: Option<Duration>,
    /// How much is done of those that a runner has, in their own units.
    pub done: u64,
    /// Of how much, as far as that is known.
    pub total: u64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = BigInt)]
    running: i64,
    #[diesel(sql_type = BigInt)]
    failed: i64,
    #[diesel(sql_type = Nullable<Double>)]
    oldest_seconds: Option<f64>,
    #[diesel(sql_type = BigInt)]
    done: i64,
    #[diesel(sql_type = BigInt)]
    total: i64,
}

/// Counts the jobs of each kind that are open or failed: one reading of these.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn status(connection: &mut AsyncPgConnection) -> Result<Vec<KindStatus>, DatabaseError> {
    let rows: Vec<Row> = cached(sql_query(STATUS)).load(connection).await?;
    let status = rows.into_iter().map(|row| KindStatus {
        kind: row.kind,
        waiting: row.waiting.unsigned_abs(),
        running: row.running.unsigned_abs(),
        failed: row.failed.unsigned_abs(),
        oldest_waiting: row.oldest_seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default()),
        done: row.done.unsigned_abs(),
        total: row.total.unsigned_abs(),
    });
    Ok(status.collect())
}
