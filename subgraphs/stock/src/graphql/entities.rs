//! Products and variants as other subgraphs refer to them. Whoever has an id has an answer: what nobody stocked is not on stock.

use async_graphql::{Context, ID, Object};
use kit::{Entity, GlobalId};

use super::product::{Product, ProductVariant};
use crate::{ProductId, VariantId};

/// The entity resolvers.
#[derive(Default)]
pub struct StockEntities;

/// The entity resolvers.
#[Object]
impl StockEntities {
    /// By id.
    #[graphql(entity)]
    async fn product_by_id(&self, _context: &Context<'_>, id: ID) -> Entity<Product> {
        Entity::find(async { Ok(Some(Product(ProductId::parse_global(&id)?))) }).await
    }

    /// By id.
    #[graphql(entity)]
    async fn product_variant_by_id(&self, _context: &Context<'_>, id: ID) -> Entity<ProductVariant> {
        Entity::find(async { Ok(Some(ProductVariant(VariantId::parse_global(&id)?))) }).await
    }
}
