//! Levels that a migration changed are told once somebody works.

use kit::Database;
use tokio_util::sync::CancellationToken;

use crate::store::{StoreError, TOLD_AT_ONCE_MAX, tell_untold};

/// Tells them, batch by batch, and then there are no more until the next migration, before which all are told to stop. Several may run.
///
/// # Errors
/// [`StoreError`]: to be started again, after a while.
pub async fn keep_telling(database: Database, stop: CancellationToken) -> Result<(), StoreError> {
    let mut told = TOLD_AT_ONCE_MAX;
    while told >= TOLD_AT_ONCE_MAX && !stop.is_cancelled() {
        told = tell_once(&database).await?;
    }
    stop.cancelled().await;
    Ok(())
}

/// Tells one batch of them; how many items it was.
///
/// # Errors
/// [`StoreError`]; then of none.
pub async fn tell_once(database: &Database) -> Result<u32, StoreError> {
    let told = database.unit(async |connection| tell_untold(connection).await).await?;
    if told > 0 {
        tracing::info!(told, "levels that a migration changed are told");
    }
    Ok(told)
}
