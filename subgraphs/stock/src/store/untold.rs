//! Telling levels that a migration changed: it can't do that itself, since what leaves by the outbox is written by programs.

use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::database::cached;
use uuid::Uuid;

use super::book::Level;
use super::tell::tell;
use super::{Cause, StoreError};

/// Items of one transaction: it keeps their rows until it ends, which buyers wait for.
pub const TOLD_AT_ONCE_MAX: u32 = 32;

/// Those that somebody else tells are left to them.
const TAKE: &str = "DELETE FROM untold_level WHERE item_id IN ( \
    SELECT item_id FROM untold_level ORDER BY item_id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING item_id";
const LEVELS: &str = "SELECT product_id, variant_id, on_hand, reserved, movements, turns, version, \
    withdrawn_at IS NOT NULL AS is_withdrawn FROM stock_item WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

#[derive(QueryableByName)]
struct Untold {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
}

/// Tells the levels of at most [`TOLD_AT_ONCE_MAX`] items that are to be told; how many they were. Several may do it at the same time.
///
/// # Errors
/// [`StoreError`]; then nothing may be committed.
pub async fn tell_untold(connection: &mut AsyncPgConnection) -> Result<u32, StoreError> {
    let take = sql_query(TAKE).bind::<BigInt, _>(i64::from(TOLD_AT_ONCE_MAX));
    let untold: Vec<Untold> = cached(take).load(connection).await?;
    let items: Vec<Uuid> = untold.into_iter().map(|Untold { item_id }| item_id).collect();
    if items.is_empty() {
        return Ok(0);
    }
    let told = u32::try_from(items.len()).unwrap_or(u32::MAX);
    let levels: Vec<Level> = cached(sql_query(LEVELS).bind::<Array<SqlUuid>, _>(items)).load(connection).await?;
    tell(connection, &Cause::clock(), Vec::new(), &levels).await?;
    Ok(told)
}
