//! Forgetting events that don't come again.

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

/// How long an event is remembered: 30 days. It must be longer than a bus keeps messages ([`crate::log_bus::LogBusConfig`]: 7
/// days) and a dead letter may be replayed ([`crate::dead_letter::REPLAY_AGE_MAX`]) together, or what comes late works twice.
pub const AGE_MAX: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How often [`keep_forgetting`] looks.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Rows of one statement: some milliseconds, so that nobody waits for their locks.
const ROWS_MAX: i64 = 1_000;

const FORGET: &str = "DELETE FROM inbox WHERE (consumer, event_id) IN ( \
    SELECT consumer, event_id FROM inbox WHERE handled_at < now() - make_interval(secs => $1) \
    ORDER BY handled_at LIMIT $2 FOR UPDATE SKIP LOCKED)";

/// Forgets events handled longer ago than `age`, a thousand a statement; how many.
///
/// # Errors
/// Those of the database; what was forgotten until then stays so.
pub async fn forget(database: &Database, age: Duration) -> Result<u64, DatabaseError> {
    let mut forgotten = 0;
    loop {
        let mut connection = database.connection().await?;
        let statement = sql_query(FORGET).bind::<Double, _>(age.as_secs_f64()).bind::<BigInt, _>(ROWS_MAX);
        let rows = i64::try_from(cached(statement).execute(&mut connection).await?).unwrap_or(i64::MAX);
        forgotten += rows.unsigned_abs();
        if rows < ROWS_MAX {
            return Ok(forgotten);
        }
    }
}

/// Forgets events older than [`AGE_MAX`], every ten minutes until `stop`. One a service is enough, several do no harm.
pub async fn keep_forgetting(database: Database, stop: CancellationToken) {
    let mut outage = Outage::none("forgetting old events of the inbox");
    loop {
        let wait = match forget(&database, AGE_MAX).await {
            Ok(_forgotten) => {
                outage.ended();
                EVERY
            }
            Err(error) => outage.failed(&error),
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}
