//! Items: locking them, and reading them.

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::{Freshness, ReadConnection, cached};
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
const HAS_VARIANTS: &str = "SELECT EXISTS (SELECT FROM stock_item \
    WHERE product_id = $1 AND variant_id IS NOT NULL AND withdrawn_at IS NULL) AS has_variants";

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
    pub async fn item_list(&self, ids: &[Uuid], freshness: Freshness) -> Result<Vec<Item>, StoreError> {
        let read = async |connection: &mut ReadConnection| {
            let list = cached(sql_query(LIST).bind::<Array<SqlUuid>, _>(ids));
            let rows: Vec<Row> = list.load(&mut **connection).await?;
            Ok::<_, StoreError>(rows)
        };
        let rows = self.database.read(freshness, read).await?;
        Ok(rows.into_iter().map(Item::from).collect())
    }

    /// All items of some products, those of one product in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn item_list_by_product(
        &self,
        products: &[ProductId],
        freshness: Freshness,
    ) -> Result<Vec<Item>, StoreError> {
        let products: Vec<Uuid> = products.iter().map(ProductId::uuid).collect();
        let read = async |connection: &mut ReadConnection| {
            let list = cached(sql_query(LIST_BY_PRODUCT).bind::<Array<SqlUuid>, _>(&*products));
            let rows: Vec<Row> = list.load(&mut **connection).await?;
            Ok::<_, StoreError>(rows)
        };
        let rows = self.database.read(freshness, read).await?;
        Ok(rows.into_iter().map(Item::from).collect())
    }
}

/// Those of the items that exist, by id, and nobody else's until the transaction ends.
pub(super) async fn lock(connection: &mut AsyncPgConnection, ids: &[Uuid]) -> Result<Vec<Item>, StoreError> {
    let rows: Vec<Row> = cached(sql_query(LOCK).bind::<Array<SqlUuid>, _>(ids)).load(connection).await?;
    Ok(rows.into_iter().map(Item::from).collect())
}

/// Whether a product is sold by its variants alone.
pub(super) async fn has_variants(connection: &mut AsyncPgConnection, product: ProductId) -> Result<bool, StoreError> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        has_variants: bool,
    }
    let found = cached(sql_query(HAS_VARIANTS).bind::<SqlUuid, _>(product.uuid()));
    Ok(found.get_result::<Found>(connection).await?.has_variants)
}
