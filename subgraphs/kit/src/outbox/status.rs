//! How far behind the relays are.

use std::time::Duration;

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Double, Nullable},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::database::{DatabaseError, cached};

const STATUS: &str = "SELECT count(*) AS waiting, \
    extract(epoch FROM now() - min(created_at))::float8 AS oldest_seconds FROM outbox";

/// What waits in an outbox.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Status {
    /// Messages that the bus hasn't yet.
    pub waiting: u64,
    /// How long the oldest of them waits; `None` without any.
    pub oldest_age: Option<Duration>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = Nullable<Double>)]
    oldest_seconds: Option<f64>,
}

/// Counts what waits: one reading of the table, which is short while a relay runs.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn status(connection: &mut AsyncPgConnection) -> Result<Status, DatabaseError> {
    let Row { waiting, oldest_seconds } = cached(sql_query(STATUS)).get_result(connection).await?;
    let oldest_age = oldest_seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
    Ok(Status { waiting: u64::try_from(waiting).unwrap_or(0), oldest_age })
}
