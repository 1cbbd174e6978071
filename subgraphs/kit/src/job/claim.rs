//! Taking jobs, and knowing when there will be some.

use std::time::Duration;

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Double, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::database::{DatabaseError, cached};

/// Those being taken by another, or ended, are passed over. A running one whose lease has ended is due like any other. Read once,
/// and so by a query of its own: a subquery may be read again for another row, and would find others.
const CLAIM: &str = "WITH due AS MATERIALIZED (SELECT id FROM job \
        WHERE kind = $3 AND finished_at IS NULL AND due_at <= clock_timestamp() ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED) \
    UPDATE job SET state = 'running', lease_owner = $1, fence = fence + 1, attempts = attempts + 1, \
        due_at = clock_timestamp() + make_interval(secs => $2) \
    FROM due WHERE job.id = due.id RETURNING job.id, key, payload, attempts, fence, resume, traceparent";
const NEXT: &str = "SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float8 AS seconds FROM job \
    WHERE kind = $1 AND finished_at IS NULL";

/// A job that this runner has now.
#[derive(Debug, QueryableByName)]
pub(super) struct Claimed {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub payload: String,
    /// This one included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    #[diesel(sql_type = BigInt)]
    pub fence: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub resume: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub traceparent: Option<String>,
}

#[derive(QueryableByName)]
struct Next {
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}

/// Takes some of the jobs of a kind that are due, oldest first.
pub(super) async fn claim(
    connection: &mut AsyncPgConnection,
    kind: &str,
    owner: Uuid,
    lease: Duration,
    jobs_max: usize,
) -> Result<Vec<Claimed>, DatabaseError> {
    let statement = sql_query(CLAIM)
        .bind::<SqlUuid, _>(owner)
        .bind::<Double, _>(lease.as_secs_f64())
        .bind::<Text, _>(kind)
        .bind::<BigInt, _>(i64::try_from(jobs_max).unwrap_or(i64::MAX));
    Ok(cached(statement).load(connection).await?)
}

/// How long until a job of a kind is due, or the lease of one ends; `None` without any.
pub(super) async fn next_due(
    connection: &mut AsyncPgConnection,
    kind: &str,
) -> Result<Option<Duration>, DatabaseError> {
    let Next { seconds } = cached(sql_query(NEXT).bind::<Text, _>(kind)).get_result(connection).await?;
    Ok(seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default()))
}
