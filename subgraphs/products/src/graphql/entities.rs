//! Products, variants and pages as others refer to them: by id, products by SKU too.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use kit::{Caller, Entity, GlobalId, request_data};

use super::loaders::Loaders;
use super::page::Page;
use super::product::Product;
use super::variant::ProductVariant;
use crate::domain::{self, is_sku};
use crate::{PageId, ProductId, VariantId};

/// The entity resolvers.
#[derive(Default)]
pub struct CatalogueEntities;

/// The entity resolvers.
#[Object]
impl CatalogueEntities {
    /// By id.
    #[graphql(entity)]
    async fn product_by_id(&self, context: &Context<'_>, id: ID) -> Entity<Product> {
        Entity::find(async {
            let id = ProductId::parse_global(&id)?;
            Ok(request_data::<Loaders>(context)?.by_id.load(id).await?.map(Product))
        })
        .await
    }

    /// By SKU.
    #[graphql(entity)]
    async fn product_by_sku(&self, context: &Context<'_>, sku: String) -> Entity<Product> {
        Entity::find(async {
            if !is_sku(&sku) {
                return Ok(None);
            }
            Ok(request_data::<Loaders>(context)?.by_sku.load(sku).await?.map(Product))
        })
        .await
    }

    /// By id.
    #[graphql(entity)]
    async fn product_variant_by_id(&self, context: &Context<'_>, id: ID) -> Entity<ProductVariant> {
        Entity::find(async {
            let id = VariantId::parse_global(&id)?;
            let product = request_data::<Loaders>(context)?.by_variant.load(id).await?;
            let of = |product: Arc<domain::Product>| {
                let variant = product.variants.iter().find(|variant| variant.id == id).cloned()?;
                Some(ProductVariant { product, variant })
            };
            Ok(product.and_then(of))
        })
        .await
    }

    /// By id. What isn't published is for administrators.
    #[graphql(entity)]
    async fn page_by_id(&self, context: &Context<'_>, id: ID) -> Entity<Page> {
        Entity::find(async {
            let id = PageId::parse_global(&id)?;
            let page = request_data::<Loaders>(context)?.pages.load(id).await?;
            let caller = Caller::from_context(context)?;
            Ok(page.filter(|page| page.may_be_read_by(caller.is_administrator())).map(Page))
        })
        .await
    }
}
