//! `type Product` as clients see it.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use kit::{Money, Result, count_rows};

use super::content::ContentBlock;
use super::variant::ProductVariant;
use crate::ProductId;
use crate::domain;

/// A product of the catalogue.
pub struct Product(pub Arc<domain::Product>);

impl From<domain::Product> for Product {
    fn from(product: domain::Product) -> Self {
        Self(Arc::new(product))
    }
}

/// A product of the catalogue.
#[Object]
impl Product {
    /// Its global id.
    async fn id(&self) -> ProductId {
        self.0.id
    }

    /// The stock keeping unit, unique in the catalogue.
    async fn sku(&self) -> &str {
        &self.0.sku
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// A text about it; may be empty.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// What one piece costs now.
    async fn price(&self) -> Money {
        self.0.price
    }

    /// The shelf it stands on.
    async fn category(&self) -> &str {
        &self.0.category
    }

    /// Free-form properties, at most 50, in the order in which they were given.
    async fn attributes(&self) -> Vec<Attribute> {
        self.0.attributes.iter().map(Attribute::from).collect()
    }

    /// Weight of one piece in grams.
    async fn weight(&self) -> i32 {
        self.0.weight_grams
    }

    /// The forms in which it is sold, at most 100; none if it is sold as it is.
    async fn variants(&self, context: &Context<'_>) -> Result<Vec<ProductVariant>> {
        count_rows(context, self.0.variants.len())?;
        let variant =
            |variant: &domain::Variant| ProductVariant { product: Arc::clone(&self.0), variant: variant.clone() };
        Ok(self.0.variants.iter().map(variant).collect())
    }

    /// What is told about it beside its description, at most 50 pieces.
    async fn blocks(&self) -> Vec<ContentBlock> {
        self.0.blocks.iter().map(ContentBlock::from).collect()
    }

    /// Whether it is sold no more.
    async fn withdrawn(&self) -> bool {
        self.0.withdrawn_at.is_some()
    }

    /// Counts the changes; give it back with a change so that no other change is overwritten.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was added to the catalogue.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A free-form property of a product.
#[derive(SimpleObject)]
pub struct Attribute {
    /// What is described, e.g. `Colour`.
    name: String,
    /// Its value, e.g. `blue`.
    value: String,
}

impl From<&domain::Attribute> for Attribute {
    fn from(attribute: &domain::Attribute) -> Self {
        Self { name: attribute.name.clone(), value: attribute.value.clone() }
    }
}
