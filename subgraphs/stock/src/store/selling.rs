//! Whether an item is sold: opened, withdrawn and sold again as the catalogue changes. Who lists what can be bought is told of it.
//!
//! A product is sold by its own item or by those of its variants, never by both: its own is withdrawn as long as one of a variant is
//! sold. What lies there of it stays in the books.

use diesel::sql_query;
use diesel::sql_types::{Nullable, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;
use uuid::Uuid;

use super::book::Level;
use super::tell::tell;
use super::{Cause, StoreError, items};
use crate::ProductId;
use crate::domain::ItemKey;

const OPEN: &str = "INSERT INTO stock_item (id, product_id, variant_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const WITHDRAW: &str = "UPDATE stock_item SET withdrawn_at = now(), turns = turns + 1 WHERE id = $1 AND withdrawn_at IS NULL \
    RETURNING product_id, variant_id, on_hand, reserved, movements, turns, version, true AS is_withdrawn";
const WITHDRAW_ALL: &str = "UPDATE stock_item SET withdrawn_at = now(), turns = turns + 1 WHERE id IN ( \
    SELECT id FROM stock_item WHERE product_id = $1 AND withdrawn_at IS NULL ORDER BY id FOR NO KEY UPDATE) \
    RETURNING product_id, variant_id, on_hand, reserved, movements, turns, version, true AS is_withdrawn";
const WITHDRAW_OWN: &str = "UPDATE stock_item SET withdrawn_at = now(), turns = turns + 1 WHERE id = $1 AND withdrawn_at IS NULL \
    AND EXISTS (SELECT FROM stock_item WHERE product_id = $1 AND variant_id IS NOT NULL AND withdrawn_at IS NULL) \
    RETURNING product_id, variant_id, on_hand, reserved, movements, turns, version, true AS is_withdrawn";
const SELL_OWN_AGAIN: &str = "INSERT INTO stock_item (id, product_id) SELECT $1, $1 \
    WHERE NOT EXISTS (SELECT FROM stock_item WHERE product_id = $1 AND variant_id IS NOT NULL AND withdrawn_at IS NULL) \
    ON CONFLICT (id) DO UPDATE SET withdrawn_at = NULL, turns = stock_item.turns + 1 WHERE stock_item.withdrawn_at IS NOT NULL \
    RETURNING product_id, variant_id, on_hand, reserved, movements, turns, version, false AS is_withdrawn";

/// Makes an item that can be stocked; one that there is stays as it is.
///
/// # Errors
/// [`StoreError`].
pub async fn item_open(connection: &mut AsyncPgConnection, item: &ItemKey) -> Result<(), StoreError> {
    let open = sql_query(OPEN)
        .bind::<SqlUuid, _>(item.id())
        .bind::<SqlUuid, _>(item.product_id.uuid())
        .bind::<Nullable<SqlUuid>, _>(item.variant_id.map(|variant| variant.uuid()));
    cached(open).execute(connection).await?;
    Ok(())
}

/// Makes an item of a variant; from then on its product is sold by its variants.
///
/// # Errors
/// [`StoreError`].
pub async fn variant_open(connection: &mut AsyncPgConnection, cause: &Cause, item: &ItemKey) -> Result<(), StoreError> {
    let own = lock_with_own(connection, item).await?;
    item_open(connection, item).await?;
    change(connection, cause, WITHDRAW_OWN, own).await?;
    Ok(())
}

/// A variant is sold no more; what was reserved stays reserved. When it was the last one, its product is sold as it is.
///
/// # Errors
/// [`StoreError`].
pub async fn variant_withdraw(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    item: &ItemKey,
) -> Result<(), StoreError> {
    let own = lock_with_own(connection, item).await?;
    // One that was withdrawn with its product brings nothing back.
    if change(connection, cause, WITHDRAW, item.id()).await? {
        change(connection, cause, SELL_OWN_AGAIN, own).await?;
    }
    Ok(())
}

/// No item of a product is sold any more; what was reserved stays reserved.
///
/// # Errors
/// [`StoreError`].
pub async fn product_withdraw(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    product: ProductId,
) -> Result<(), StoreError> {
    change(connection, cause, WITHDRAW_ALL, product.uuid()).await?;
    Ok(())
}

/// Locks a variant's item and its product's own, in the order in which everybody does. The latter's id.
async fn lock_with_own(connection: &mut AsyncPgConnection, item: &ItemKey) -> Result<Uuid, StoreError> {
    let own = item.product_id.uuid();
    items::lock(connection, &[item.id(), own]).await?;
    Ok(own)
}

/// Whether anything was changed by it.
async fn change(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    statement: &'static str,
    id: Uuid,
) -> Result<bool, StoreError> {
    let mut levels: Vec<Level> = cached(sql_query(statement).bind::<SqlUuid, _>(id)).load(connection).await?;
    levels.sort_by_key(|level| level.variant_id);
    tell(connection, cause, Vec::new(), &levels).await?;
    Ok(!levels.is_empty())
}
