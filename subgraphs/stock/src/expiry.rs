//! The clock: pieces that nobody committed in time are let go of, as long as this runs somewhere.

use std::time::Duration;

use kit::Database;
use tokio_util::sync::CancellationToken;

use crate::store::{EXPIRED_AT_ONCE_MAX, StoreError, expire};

/// Between two looks: what is due is found by an index, and a second later is in time for pieces that were kept for minutes.
const EVERY: Duration = Duration::from_secs(1);

/// Lets go of what is due, batch by batch, until `stop`. Several may run.
///
/// # Errors
/// [`StoreError`]: to be started again, after a while.
pub async fn keep_expiring(database: Database, stop: CancellationToken) -> Result<(), StoreError> {
    while !stop.is_cancelled() {
        if expire_once(&database).await? < EXPIRED_AT_ONCE_MAX {
            stop.run_until_cancelled(tokio::time::sleep(EVERY)).await;
        }
    }
    Ok(())
}

/// Lets go of one batch of what is due; how many reservations it was.
///
/// # Errors
/// [`StoreError`]; then of none.
pub async fn expire_once(database: &Database) -> Result<u32, StoreError> {
    let expired = database.unit(async |connection| expire(connection).await).await?;
    if expired > 0 {
        tracing::info!(expired, "reservations are over");
    }
    Ok(expired)
}
