//! `type ProductVariant`: one form of a product.

use std::sync::Arc;

use async_graphql::Object;
use kit::Money;

use super::product::{Attribute, Product};
use crate::VariantId;
use crate::domain;

/// One form in which a product is sold.
pub struct ProductVariant {
    /// Whose.
    pub product: Arc<domain::Product>,
    /// The variant.
    pub variant: domain::Variant,
}

/// One form in which a product is sold.
#[Object]
impl ProductVariant {
    /// Its global id.
    async fn id(&self) -> VariantId {
        self.variant.id
    }

    /// The stock keeping unit, unique in the catalogue.
    async fn sku(&self) -> &str {
        &self.variant.sku
    }

    /// What one piece costs now: a price of its own, or the product's.
    async fn price(&self) -> Money {
        self.variant.price.unwrap_or(self.product.price)
    }

    /// What tells it from the other variants.
    async fn attributes(&self) -> Vec<Attribute> {
        self.variant.attributes.iter().map(Attribute::from).collect()
    }

    /// The product.
    async fn product(&self) -> Product {
        Product(Arc::clone(&self.product))
    }
}
