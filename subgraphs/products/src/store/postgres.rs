//! Products in PostgreSQL. Every function is one statement, or one more when a guarded write missed.

use chrono::Utc;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures::future::BoxFuture;
use kit::{Database, GlobalId, Money, PageRequest};
use uuid::Uuid;

use super::row::{ProductRow, attributes_json};
use super::schema::products;
use super::{Answer, ProductStore, Restocked, StoreError, Written, list};
use crate::ProductId;
use crate::domain::{
    Product, ProductChange, ProductDraft, ProductFilter, ProductOrder, ProductPosition, STOCK_MAX, fold_name,
};

/// The product store on PostgreSQL.
#[derive(Clone)]
pub struct PostgresProducts {
    database: Database,
}

impl PostgresProducts {
    /// A store on a migrated database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

/// The columns of a change; `None` leaves a column alone.
#[derive(AsChangeset)]
#[diesel(table_name = products)]
struct Changes {
    name: Option<String>,
    name_folded: Option<String>,
    description: Option<String>,
    category: Option<String>,
    attributes: Option<serde_json::Value>,
    weight_grams: Option<i32>,
}

impl ProductStore for PostgresProducts {
    fn is_ready(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.database.is_ready())
    }

    fn product_list_by_id<'a>(&'a self, ids: &'a [ProductId]) -> Answer<'a, Vec<Product>> {
        Box::pin(async move {
            let ids: Vec<Uuid> = ids.iter().map(ProductId::uuid).collect();
            let mut connection = self.database.connection().await?;
            let rows: Vec<ProductRow> = products::table
                .filter(products::id.eq_any(ids))
                .select(ProductRow::as_select())
                .load(&mut connection)
                .await?;
            rows.into_iter().map(Product::try_from).collect()
        })
    }

    fn product_list_by_sku<'a>(&'a self, skus: &'a [String]) -> Answer<'a, Vec<Product>> {
        Box::pin(async move {
            let mut connection = self.database.connection().await?;
            let rows: Vec<ProductRow> = products::table
                .filter(products::sku.eq_any(skus))
                .select(ProductRow::as_select())
                .load(&mut connection)
                .await?;
            rows.into_iter().map(Product::try_from).collect()
        })
    }

    fn product_list<'a>(
        &'a self,
        filter: &'a ProductFilter,
        order: ProductOrder,
        page: &'a PageRequest<ProductPosition>,
    ) -> Answer<'a, Vec<Product>> {
        Box::pin(async move {
            let mut connection = self.database.connection().await?;
            list::product_list(&mut connection, filter, order, page).await
        })
    }

    fn product_insert(&self, draft: ProductDraft) -> Answer<'_, Option<Product>> {
        Box::pin(async move {
            let now = Utc::now();
            let mut connection = self.database.connection().await?;
            let row: Option<ProductRow> = diesel::insert_into(products::table)
                .values((
                    products::id.eq(Uuid::now_v7()),
                    products::sku.eq(&draft.sku),
                    products::name.eq(&draft.name),
                    products::name_folded.eq(fold_name(&draft.name)),
                    products::description.eq(&draft.description),
                    products::price_minor.eq(draft.price.amount_minor.0),
                    products::currency.eq(draft.price.currency.as_str()),
                    products::category.eq(&draft.category),
                    products::attributes.eq(attributes_json(&draft.attributes)),
                    products::weight_grams.eq(draft.weight_grams),
                    products::stock.eq(draft.stock),
                    products::created_at.eq(now),
                    products::updated_at.eq(now),
                ))
                .on_conflict(products::sku)
                .do_nothing()
                .returning(ProductRow::as_returning())
                .get_result(&mut connection)
                .await
                .optional()?;
            row.map(Product::try_from).transpose()
        })
    }

    fn product_update(&self, id: ProductId, expected: i32, change: ProductChange) -> Answer<'_, Written> {
        Box::pin(async move {
            let changes = Changes {
                name_folded: change.name.as_deref().map(fold_name),
                name: change.name,
                description: change.description,
                category: change.category,
                attributes: change.attributes.as_deref().map(attributes_json),
                weight_grams: change.weight_grams,
            };
            let mut connection = self.database.connection().await?;
            let row: Option<ProductRow> = diesel::update(products::table)
                .filter(products::id.eq(id.uuid()))
                .filter(products::version.eq(expected))
                .set((changes, products::version.eq(products::version + 1), products::updated_at.eq(Utc::now())))
                .returning(ProductRow::as_returning())
                .get_result(&mut connection)
                .await
                .optional()?;
            written_or_why_not(&mut connection, id, row).await
        })
    }

    fn price_update(&self, id: ProductId, expected: i32, price: Money) -> Answer<'_, Written> {
        Box::pin(async move {
            let mut connection = self.database.connection().await?;
            let row: Option<ProductRow> = diesel::update(products::table)
                .filter(products::id.eq(id.uuid()))
                .filter(products::version.eq(expected))
                .set((
                    products::price_minor.eq(price.amount_minor.0),
                    products::currency.eq(price.currency.as_str()),
                    products::version.eq(products::version + 1),
                    products::updated_at.eq(Utc::now()),
                ))
                .returning(ProductRow::as_returning())
                .get_result(&mut connection)
                .await
                .optional()?;
            written_or_why_not(&mut connection, id, row).await
        })
    }

    fn stock_add(&self, id: ProductId, quantity: i32) -> Answer<'_, Restocked> {
        Box::pin(async move {
            let mut connection = self.database.connection().await?;
            let row: Option<ProductRow> = diesel::update(products::table)
                .filter(products::id.eq(id.uuid()))
                .filter(products::stock.le(STOCK_MAX.saturating_sub(quantity)))
                .set((
                    products::stock.eq(products::stock + quantity),
                    products::version.eq(products::version + 1),
                    products::updated_at.eq(Utc::now()),
                ))
                .returning(ProductRow::as_returning())
                .get_result(&mut connection)
                .await
                .optional()?;
            if let Some(row) = row {
                return Ok(Restocked::Product(Box::new(row.try_into()?)));
            }
            // The only guard of this write is the bound of the stock.
            let version = version_of(&mut connection, id).await?;
            Ok(version.map_or(Restocked::Missing, |_| Restocked::StockTooLarge))
        })
    }
}

async fn written_or_why_not(
    connection: &mut AsyncPgConnection,
    id: ProductId,
    row: Option<ProductRow>,
) -> Result<Written, StoreError> {
    if let Some(row) = row {
        return Ok(Written::Product(Box::new(row.try_into()?)));
    }
    Ok(version_of(connection, id).await?.map_or(Written::Missing, Written::VersionConflict))
}

async fn version_of(connection: &mut AsyncPgConnection, id: ProductId) -> Result<Option<i32>, StoreError> {
    let version = products::table.filter(products::id.eq(id.uuid())).select(products::version).first(connection).await;
    Ok(version.optional()?)
}
