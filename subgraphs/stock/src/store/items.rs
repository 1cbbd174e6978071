//! Items: locking them, reading them, opening and withdrawing them.

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;
use uuid::Uuid;

use super::{StockStore, StoreError};
use crate::domain::{Item, ItemKey};
use crate::{ProductId, VariantId};

/// Sorted before they are locked, so that all who lock several wait in one order.
const LOCK: &str = "SELECT product_id, variant_id, on_hand, reserved, version, movements, withdrawn_at IS NOT NULL AS is_withdrawn \
    FROM stock_item WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";
const LIST: &str = "SELECT product_id, variant_id, on_hand, reserved, version, movements, withdrawn_at IS NOT NULL AS is_withdrawn \
    FROM stock_item WHERE id = ANY($1)";
const LIST_BY_PRODUCT: &str = "SELECT product_id, variant_id, on_hand, reserved, version, movements, \
    withdrawn_at IS NOT NULL AS is_withdrawn FROM stock_item WHERE product_id = ANY($1) ORDER BY product_id, id";
const OPEN: &str = "INSERT INTO stock_item (id, product_id, variant_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const WITHDRAW: &str = "UPDATE stock_item SET withdrawn_at = now() WHERE id = $1 AND withdrawn_at IS NULL";
const WITHDRAW_ALL: &str = "UPDATE stock_item SET withdrawn_at = now() WHERE id IN ( \
    SELECT id FROM stock_item WHERE product_id = $1 AND withdrawn_at IS NULL ORDER BY id FOR NO KEY UPDATE)";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    product_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    variant_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    on_hand: i32,
    #[diesel(sql_type = Integer)]
    reserved: i32,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = BigInt)]
    movements: i64,
    #[diesel(sql_type = Bool)]
    is_withdrawn: bool,
}

impl From<Row> for Item {
    fn from(row: Row) -> Self {
        let key = ItemKey {
            product_id: ProductId::from_uuid(row.product_id),
            variant_id: row.variant_id.map(VariantId::from_uuid),
        };
        let Row { on_hand, reserved, version, movements, is_withdrawn, .. } = row;
        Self { key, on_hand, reserved, version, movements, is_withdrawn }
    }
}

impl StockStore {
    /// Those of the items that exist, in any order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn item_list(&self, ids: &[Uuid]) -> Result<Vec<Item>, StoreError> {
        let mut connection = self.database.connection().await?;
        let rows: Vec<Row> = cached(sql_query(LIST).bind::<Array<SqlUuid>, _>(ids)).load(&mut connection).await?;
        Ok(rows.into_iter().map(Item::from).collect())
    }

    /// All items of some products, those of one product in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn item_list_by_product(&self, products: &[ProductId]) -> Result<Vec<Item>, StoreError> {
        let products: Vec<Uuid> = products.iter().map(ProductId::uuid).collect();
        let mut connection = self.database.connection().await?;
        let list = sql_query(LIST_BY_PRODUCT).bind::<Array<SqlUuid>, _>(products);
        let rows: Vec<Row> = cached(list).load(&mut connection).await?;
        Ok(rows.into_iter().map(Item::from).collect())
    }
}

/// Those of the items that exist, by id, and nobody else's until the transaction ends.
pub(super) async fn lock(connection: &mut AsyncPgConnection, ids: &[Uuid]) -> Result<Vec<Item>, StoreError> {
    let rows: Vec<Row> = cached(sql_query(LOCK).bind::<Array<SqlUuid>, _>(ids)).load(connection).await?;
    Ok(rows.into_iter().map(Item::from).collect())
}

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

/// An item is sold no more; what was reserved stays reserved.
///
/// # Errors
/// [`StoreError`].
pub async fn item_withdraw(connection: &mut AsyncPgConnection, item: &ItemKey) -> Result<(), StoreError> {
    cached(sql_query(WITHDRAW).bind::<SqlUuid, _>(item.id())).execute(connection).await?;
    Ok(())
}

/// No item of a product is sold any more.
///
/// # Errors
/// [`StoreError`].
pub async fn product_withdraw(connection: &mut AsyncPgConnection, product: ProductId) -> Result<(), StoreError> {
    cached(sql_query(WITHDRAW_ALL).bind::<SqlUuid, _>(product.uuid())).execute(connection).await?;
    Ok(())
}
