//! Products in PostgreSQL. A read is one statement; a write is one transaction with what is to be told of it.

use chrono::{DateTime, Utc};
use diesel::dsl::{array_append, array_remove};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures::future::BoxFuture;
use kit::{Database, GlobalId, PageRequest, outbox};
use uuid::Uuid;
use wire::Domain;
use wire::bus::Message;
use wire::topic::{Purpose, Topic};

use super::row::{ProductRow, attributes_json};
use super::schema::products;
use super::{Answer, ProductStore, StoreError, Written, list};
use crate::ProductId;
use crate::domain::{Product, ProductFilter, ProductOrder, ProductPosition, fold_name};

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

/// The columns that can change.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = products)]
struct Columns<'a> {
    name: &'a str,
    name_folded: String,
    description: &'a str,
    price_minor: i64,
    currency: &'a str,
    category: &'a str,
    attributes: serde_json::Value,
    weight_grams: i32,
    version: i32,
    updated_at: DateTime<Utc>,
}

impl<'a> Columns<'a> {
    fn of(product: &'a Product) -> Self {
        Self {
            name: &product.name,
            name_folded: fold_name(&product.name),
            description: &product.description,
            price_minor: product.price.amount_minor.0,
            currency: product.price.currency.as_str(),
            category: &product.category,
            attributes: attributes_json(&product.attributes),
            weight_grams: product.weight_grams,
            version: product.version,
            updated_at: product.updated_at,
        }
    }
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

    fn product_insert<'a>(&'a self, product: &'a Product, messages: &'a [Message]) -> Answer<'a, bool> {
        Box::pin(self.database.unit(async move |connection| {
            let inserted = diesel::insert_into(products::table)
                .values((
                    products::id.eq(product.id.uuid()),
                    products::sku.eq(&product.sku),
                    products::created_at.eq(product.created_at),
                    Columns::of(product),
                ))
                .on_conflict(products::sku)
                .do_nothing()
                .execute(connection)
                .await?;
            if inserted == 1 {
                tell(connection, messages).await?;
            }
            Ok(inserted == 1)
        }))
    }

    fn product_save<'a>(&'a self, product: Product, messages: &'a [Message]) -> Answer<'a, Written> {
        Box::pin(async move {
            let saved = self.database.unit(async |connection| save(connection, &product, messages).await).await?;
            Ok(match saved {
                Saved::Done => Written::Product(Box::new(product)),
                Saved::Missing => Written::Missing,
                Saved::VersionConflict(version) => Written::VersionConflict(version),
            })
        })
    }

    fn availability_set(&self, product: ProductId, item: Uuid, is_available: bool) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut connection = self.database.connection().await?;
            let others = array_remove(products::in_stock_items, item);
            let rows = products::table.filter(products::id.eq(product.uuid()));
            if is_available {
                let with = products::in_stock_items.eq(array_append(others, item));
                diesel::update(rows).set(with).execute(&mut connection).await?;
            } else {
                diesel::update(rows).set(products::in_stock_items.eq(others)).execute(&mut connection).await?;
            }
            Ok(())
        })
    }
}

/// What became of a guarded write.
enum Saved {
    Done,
    Missing,
    VersionConflict(i32),
}

/// The row is changed, and so locked, before anything is told of it: what is told of one product leaves in the order of its versions.
async fn save(
    connection: &mut AsyncPgConnection,
    product: &Product,
    messages: &[Message],
) -> Result<Saved, StoreError> {
    let before = product.version.saturating_sub(1);
    let rows = products::table.filter(products::id.eq(product.id.uuid())).filter(products::version.eq(before));
    if diesel::update(rows).set(Columns::of(product)).execute(connection).await? == 1 {
        tell(connection, messages).await?;
        return Ok(Saved::Done);
    }
    let version = products::table.filter(products::id.eq(product.id.uuid())).select(products::version);
    let version: Option<i32> = version.first(connection).await.optional()?;
    Ok(version.map_or(Saved::Missing, Saved::VersionConflict))
}

async fn tell(connection: &mut AsyncPgConnection, messages: &[Message]) -> Result<(), StoreError> {
    Ok(outbox::append(connection, &Topic::of(Domain::Products, Purpose::Events), messages).await?)
}
