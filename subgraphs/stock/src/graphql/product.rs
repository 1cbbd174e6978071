//! What stock adds to products and to their variants.

use std::sync::Arc;

use async_graphql::{Context, Object};
use kit::{Caller, Result, count_rows, request_data};

use super::item::StockItem;
use super::loaders::Loaders;
use crate::domain::Item;
use crate::{ProductId, VariantId};

/// A product, known here by key.
pub struct Product(pub ProductId);

// Products describes the type.
#[Object]
impl Product {
    async fn id(&self) -> ProductId {
        self.0
    }

    /// Pieces that can be bought now, of all variants together; null while that can't be found out.
    async fn stock(&self, context: &Context<'_>) -> Result<Option<i32>> {
        let items = self.items(context).await?;
        Ok(Some(items.iter().fold(0, |sum: i32, item| sum.saturating_add(item.available()))))
    }

    /// Whether a piece can be bought now; null while that can't be found out.
    async fn in_stock(&self, context: &Context<'_>) -> Result<Option<bool>> {
        let items = self.items(context).await?;
        Ok(Some(items.iter().any(|item| item.available() > 0)))
    }

    /// The books of it: one item, or one a variant. For administrators.
    async fn stock_items(&self, context: &Context<'_>) -> Result<Option<Vec<StockItem>>> {
        Caller::from_context(context)?.require_administrator()?;
        let items = self.items(context).await?;
        count_rows(context, items.len())?;
        Ok(Some(items.iter().copied().map(StockItem).collect()))
    }
}

impl Product {
    async fn items(&self, context: &Context<'_>) -> Result<Arc<[Item]>> {
        let found = request_data::<Loaders>(context)?.by_product.load(self.0).await?;
        Ok(found.unwrap_or_else(|| Arc::from([])))
    }
}

/// A variant of a product, known here by key.
pub struct ProductVariant(pub VariantId);

// Products describes the type.
#[Object]
impl ProductVariant {
    async fn id(&self) -> VariantId {
        self.0
    }

    /// Pieces that can be bought now; null while that can't be found out.
    async fn stock(&self, context: &Context<'_>) -> Result<Option<i32>> {
        let item = request_data::<Loaders>(context)?.by_variant.load(self.0).await?;
        Ok(Some(item.map_or(0, |item| item.available())))
    }

    /// Whether a piece can be bought now; null while that can't be found out.
    async fn in_stock(&self, context: &Context<'_>) -> Result<Option<bool>> {
        let item = request_data::<Loaders>(context)?.by_variant.load(self.0).await?;
        Ok(Some(item.is_some_and(|item| item.available() > 0)))
    }
}
