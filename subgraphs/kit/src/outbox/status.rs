//! How far behind the relays are.

use std::time::Duration;

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Double, Integer, Nullable},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    database::{DatabaseError, cached},
    key_hash::OUTBOX_LANES,
};

/// Messages that are counted: how many more there are tells nobody more, and takes longer than whoever asks waits.
const COUNTED_MAX: i64 = 1_000_000;

/// The oldest is one of those with which each lane begins, so that one look into the index a lane finds it.
const STATUS: &str = "SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT $2) AS counted) AS waiting, \
    (SELECT extract(epoch FROM clock_timestamp() - min(created_at))::float8 \
        FROM generate_series(0, $1::integer - 1) AS number (lane) CROSS JOIN LATERAL ( \
            SELECT created_at FROM outbox WHERE outbox.lane = number.lane::smallint ORDER BY position LIMIT 1) AS first \
    ) AS oldest_seconds";

/// What waits in an outbox.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Status {
    /// Messages that the bus hasn't yet, counted up to a million.
    pub waiting: u64,
    /// How long the oldest of them waits; `None` without any.
    pub oldest_age: Option<Duration>,
}

impl Status {
    /// This and what waits elsewhere.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { waiting: self.waiting.saturating_add(other.waiting), oldest_age: self.oldest_age.max(other.oldest_age) }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = Nullable<Double>)]
    oldest_seconds: Option<f64>,
}

/// Counts what waits, in one statement: the table is short while a relay runs, and counted up to a bound while none does.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn status(connection: &mut AsyncPgConnection) -> Result<Status, DatabaseError> {
    let status = sql_query(STATUS).bind::<Integer, _>(i32::from(OUTBOX_LANES)).bind::<BigInt, _>(COUNTED_MAX);
    let Row { waiting, oldest_seconds } = cached(status).get_result(connection).await?;
    let oldest_age = oldest_seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
    Ok(Status { waiting: u64::try_from(waiting).unwrap_or(0), oldest_age })
}
