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
/// and so by a query of its own: a subquery may be read again for another row, and would find others. The first of the others stands in
/// each row, and in one of its own when there is nothing to take: those taken are as they were to a statement that changes them, and are
/// left out by their ids.
const CLAIM: &str = "WITH due AS MATERIALIZED (SELECT id FROM job \
        WHERE kind = $3 AND finished_at IS NULL AND due_at <= clock_timestamp() ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED), \
    taken AS (UPDATE job SET state = 'running', lease_owner = $1, fence = fence + 1, attempts = attempts + 1, \
            due_at = clock_timestamp() + make_interval(secs => $2) \
        FROM due WHERE job.id = due.id RETURNING job.id, key, payload, attempts, fence, resume, traceparent), \
    other AS MATERIALIZED (SELECT due_at FROM job \
        WHERE kind = $3 AND finished_at IS NULL AND id <> ALL (ARRAY(SELECT id FROM due)) ORDER BY due_at LIMIT 1) \
    SELECT taken.*, (SELECT extract(epoch FROM due_at - clock_timestamp())::float8 FROM other) AS seconds \
    FROM (VALUES (true)) AS one (is_there) LEFT JOIN taken ON true";

/// What a look for jobs has found.
#[derive(Debug)]
pub(super) struct Found {
    pub claimed: Vec<Claimed>,
    /// How long until another one is due, or a lease ends; `None` without any.
    pub next_due: Option<Duration>,
}

/// A job that this runner has now.
#[derive(Debug)]
pub(super) struct Claimed {
    pub id: Uuid,
    pub key: String,
    pub payload: String,
    /// This one included.
    pub attempts: i32,
    pub fence: i64,
    pub resume: Option<String>,
    pub traceparent: Option<String>,
}

/// A job, or none, and when the next is due.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    payload: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    attempts: Option<i32>,
    #[diesel(sql_type = Nullable<BigInt>)]
    fence: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    resume: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    traceparent: Option<String>,
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}

impl Row {
    fn claimed(self) -> Option<Claimed> {
        let Self { id, key, payload, attempts, fence, resume, traceparent, seconds: _ } = self;
        let (id, key, payload, attempts, fence) = (id?, key?, payload?, attempts?, fence?);
        Some(Claimed { id, key, payload, attempts, fence, resume, traceparent })
    }
}

/// Takes some of the jobs of a kind that are due, oldest first, and tells when there will be others.
pub(super) async fn claim(
    connection: &mut AsyncPgConnection,
    kind: &str,
    owner: Uuid,
    lease: Duration,
    jobs_max: usize,
) -> Result<Found, DatabaseError> {
    let statement = sql_query(CLAIM)
        .bind::<SqlUuid, _>(owner)
        .bind::<Double, _>(lease.as_secs_f64())
        .bind::<Text, _>(kind)
        .bind::<BigInt, _>(i64::try_from(jobs_max).unwrap_or(i64::MAX));
    let rows: Vec<Row> = cached(statement).load(connection).await?;
    let other = rows.as_slice().first().and_then(|row| row.seconds);
    let other = other.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
    let claimed: Vec<Claimed> = rows.into_iter().filter_map(Row::claimed).collect();
    // Those just taken, too, may be left by whoever took them.
    let end = (!claimed.is_empty()).then_some(lease);
    Ok(Found { claimed, next_due: other.into_iter().chain(end).min() })
}
