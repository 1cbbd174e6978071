//! A row as the database gives it, and its reading into the domain type.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kit::{GlobalId, Money};
use uuid::Uuid;

use super::postgres::read_json;
use super::schema::products;
use super::{StoreError, StoredVariant};
use crate::ProductId;
use crate::domain::{Attribute, Product, Variant};

/// One row of `products`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = products, check_for_backend(diesel::pg::Pg))]
pub struct ProductRow {
    id: Uuid,
    sku: String,
    name: String,
    description: String,
    price_minor: i64,
    currency: String,
    category: String,
    attributes: serde_json::Value,
    weight_grams: i32,
    variants: serde_json::Value,
    blocks: serde_json::Value,
    withdrawn_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<ProductRow> for Product {
    type Error = StoreError;

    fn try_from(row: ProductRow) -> Result<Self, StoreError> {
        let currency = row.currency.parse().map_err(|_| StoreError::Corrupt("currency"))?;
        let attributes = read_json(row.attributes, "attributes of a product")?;
        let variants: Vec<StoredVariant> = read_json(row.variants, "variants of a product")?;
        Ok(Self {
            id: ProductId::from_uuid(row.id),
            sku: row.sku,
            name: row.name,
            description: row.description,
            price: Money::new(row.price_minor, currency),
            category: row.category,
            attributes,
            weight_grams: row.weight_grams,
            variants: variants.into_iter().map(Variant::try_from).collect::<Result<_, _>>()?,
            blocks: read_json(row.blocks, "blocks of a product")?,
            withdrawn_at: row.withdrawn_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// The column's form of `attributes`.
pub fn attributes_json(attributes: &[Attribute]) -> serde_json::Value {
    let object = |attribute: &Attribute| serde_json::json!({ "name": attribute.name, "value": attribute.value });
    serde_json::Value::Array(attributes.iter().map(object).collect())
}
