//! Products in PostgreSQL. A read is one statement; a write is one transaction with what is to be told of it.

mod categories;
mod levels;
mod pages;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures::future::BoxFuture;
use kit::database::{Freshness, ReadConnection};
use kit::{Database, GlobalId, PageRequest, outbox};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wire::Domain;
use wire::bus::Message;
use wire::topic::{Purpose, Topic};

use super::row::{ProductRow, attributes_json};
use super::schema::{product_sku, products};
use super::{Answer, ItemLevel, ProductStore, Saved, StoreError, StoredVariant, list};
use crate::domain::{Product, ProductFilter, ProductOrder, ProductPosition, fold_name};
use crate::{ProductId, VariantId};

/// The product store on PostgreSQL.
#[derive(Clone)]
pub struct PostgresProducts {
    database: Database,
    /// Of reads.
    freshness: Freshness,
}

impl PostgresProducts {
    /// A store on a migrated database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, freshness: Freshness::Latest }
    }
}

/// The columns that can change.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = products, treat_none_as_null = true)]
struct Columns<'a> {
    name: &'a str,
    name_folded: String,
    description: &'a str,
    price_minor: i64,
    currency: &'a str,
    category: &'a str,
    attributes: serde_json::Value,
    weight_grams: i32,
    variants: serde_json::Value,
    blocks: serde_json::Value,
    withdrawn_at: Option<DateTime<Utc>>,
    version: i32,
    updated_at: DateTime<Utc>,
}

impl<'a> Columns<'a> {
    fn of(product: &'a Product) -> Result<Self, StoreError> {
        let variants: Vec<StoredVariant> = product.variants.iter().map(StoredVariant::from).collect();
        Ok(Self {
            name: &product.name,
            name_folded: fold_name(&product.name),
            description: &product.description,
            price_minor: product.price.amount_minor.0,
            currency: product.price.currency.as_str(),
            category: &product.category,
            attributes: attributes_json(&product.attributes),
            weight_grams: product.weight_grams,
            variants: json(&variants)?,
            blocks: json(&product.blocks)?,
            withdrawn_at: product.withdrawn_at,
            version: product.version,
            updated_at: product.updated_at,
        })
    }
}

impl ProductStore for PostgresProducts {
    fn is_ready(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.database.is_ready())
    }

    fn reading(&self, freshness: Freshness) -> Arc<dyn ProductStore> {
        Arc::new(Self { freshness, ..self.clone() })
    }

    fn product_list_by_id<'a>(&'a self, ids: &'a [ProductId]) -> Answer<'a, Vec<Product>> {
        Box::pin(async move {
            let ids: Vec<Uuid> = ids.iter().map(ProductId::uuid).collect();
            let read = async |connection: &mut ReadConnection| {
                let found = products::table.filter(products::id.eq_any(&ids)).select(ProductRow::as_select());
                Ok::<_, StoreError>(found.load(&mut **connection).await?)
            };
            let rows: Vec<ProductRow> = self.database.read(self.freshness, read).await?;
            rows.into_iter().map(Product::try_from).collect()
        })
    }

    fn product_list_by_sku<'a>(&'a self, skus: &'a [String]) -> Answer<'a, Vec<Product>> {
        Box::pin(async move {
            let read = async |connection: &mut ReadConnection| {
                let found = products::table.filter(products::sku.eq_any(skus)).select(ProductRow::as_select());
                Ok::<_, StoreError>(found.load(&mut **connection).await?)
            };
            let rows: Vec<ProductRow> = self.database.read(self.freshness, read).await?;
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
            let read =
                async |connection: &mut ReadConnection| list::product_list(connection, filter, order, page).await;
            self.database.read(self.freshness, read).await
        })
    }

    fn product_list_by_variant<'a>(&'a self, ids: &'a [VariantId]) -> Answer<'a, Vec<Product>> {
        Box::pin(async move {
            let ids: Vec<Uuid> = ids.iter().map(VariantId::uuid).collect();
            let read = async |connection: &mut ReadConnection| {
                let of_variants = product_sku::table.filter(product_sku::variant_id.eq_any(&ids));
                let found = products::table.filter(products::id.eq_any(of_variants.select(product_sku::product_id)));
                Ok::<_, StoreError>(found.select(ProductRow::as_select()).load(&mut **connection).await?)
            };
            let rows: Vec<ProductRow> = self.database.read(self.freshness, read).await?;
            rows.into_iter().map(Product::try_from).collect()
        })
    }

    fn product_insert<'a>(&'a self, product: &'a Product, messages: &'a [Message]) -> Answer<'a, bool> {
        Box::pin(async move {
            let inserting = self.database.unit(async |connection| {
                let columns = (
                    products::id.eq(product.id.uuid()),
                    products::sku.eq(&product.sku),
                    products::created_at.eq(product.created_at),
                    Columns::of(product)?,
                );
                diesel::insert_into(products::table).values(columns).execute(connection).await?;
                write_skus(connection, product).await?;
                tell(connection, messages).await?;
                Ok(Saved::Done)
            });
            Ok(taken_is_an_answer(inserting.await)? == Saved::Done)
        })
    }

    fn product_save<'a>(&'a self, product: &'a Product, messages: &'a [Message]) -> Answer<'a, Saved> {
        Box::pin(async move {
            let saving = self.database.unit(async |connection| save(connection, product, messages).await);
            taken_is_an_answer(saving.await)
        })
    }

    fn level_set(&self, level: ItemLevel) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut connection = self.database.connection().await?;
            levels::set(&mut connection, level).await
        })
    }

    fn level_set_in_txn<'a>(&'a self, connection: &'a mut AsyncPgConnection, level: ItemLevel) -> Answer<'a, ()> {
        Box::pin(levels::set(connection, level))
    }
}

/// The row is changed, and so locked, before anything is told of it: what is told of one product leaves in the order of its versions.
async fn save(
    connection: &mut AsyncPgConnection,
    product: &Product,
    messages: &[Message],
) -> Result<Saved, StoreError> {
    let before = product.version.saturating_sub(1);
    let rows = products::table.filter(products::id.eq(product.id.uuid())).filter(products::version.eq(before));
    if diesel::update(rows).set(Columns::of(product)?).execute(connection).await? == 1 {
        write_skus(connection, product).await?;
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

/// The SKUs of the variants, beside the product's own, which the database writes itself.
async fn write_skus(connection: &mut AsyncPgConnection, product: &Product) -> Result<(), StoreError> {
    let id = product.id.uuid();
    let kept: Vec<Uuid> = product.variants.iter().map(|variant| variant.id.uuid()).collect();
    let of_product = product_sku::table.filter(product_sku::product_id.eq(id));
    let gone = of_product.filter(product_sku::variant_id.is_not_null()).filter(product_sku::variant_id.ne_all(kept));
    diesel::delete(gone).execute(connection).await?;
    for variant in &product.variants {
        let row = (
            product_sku::sku.eq(&variant.sku),
            product_sku::product_id.eq(id),
            product_sku::variant_id.eq(Some(variant.id.uuid())),
        );
        diesel::insert_into(product_sku::table)
            .values(row)
            .on_conflict(product_sku::variant_id)
            .do_nothing()
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// A write that a unique index refused is refused, not failed.
fn taken_is_an_answer(saved: Result<Saved, StoreError>) -> Result<Saved, StoreError> {
    match saved {
        Err(StoreError::Statement(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))) => Ok(Saved::Taken),
        saved => saved,
    }
}

fn json<T: Serialize>(value: &T) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Refused(error.into()))
}

/// Reads what stands in a column of JSON.
pub(super) fn read_json<T: DeserializeOwned>(value: serde_json::Value, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|_| StoreError::Corrupt(what))
}
