//! Products by key, many at once, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use kit::{Batch, Loader, Result};

use crate::domain::{Page, Product};
use crate::store::ProductStore;
use crate::{PageId, ProductId, VariantId};

/// The loaders of one request.
pub struct Loaders {
    /// By id.
    pub by_id: Loader<ProductId, Arc<Product>, ById>,
    /// By SKU.
    pub by_sku: Loader<String, Arc<Product>, BySku>,
    /// By one of its variants.
    pub by_variant: Loader<VariantId, Arc<Product>, ByVariant>,
    /// Pages of content, by id.
    pub pages: Loader<PageId, Page, PagesById>,
}

impl Loaders {
    /// Fresh loaders over `store`.
    pub fn new(store: &Arc<dyn ProductStore>) -> Self {
        Self {
            by_id: Loader::new(ById(Arc::clone(store))),
            by_sku: Loader::new(BySku(Arc::clone(store))),
            by_variant: Loader::new(ByVariant(Arc::clone(store))),
            pages: Loader::new(PagesById(Arc::clone(store))),
        }
    }
}

/// Loads by id.
pub struct ById(Arc<dyn ProductStore>);

impl Batch<ProductId, Arc<Product>> for ById {
    async fn load(&self, keys: &[ProductId]) -> Result<HashMap<ProductId, Arc<Product>>> {
        let found = self.0.product_list_by_id(keys).await?;
        Ok(found.into_iter().map(|product| (product.id, Arc::new(product))).collect())
    }
}

/// Loads by SKU.
pub struct BySku(Arc<dyn ProductStore>);

impl Batch<String, Arc<Product>> for BySku {
    async fn load(&self, keys: &[String]) -> Result<HashMap<String, Arc<Product>>> {
        let found = self.0.product_list_by_sku(keys).await?;
        Ok(found.into_iter().map(|product| (product.sku.clone(), Arc::new(product))).collect())
    }
}

/// Loads by variant.
pub struct ByVariant(Arc<dyn ProductStore>);

impl Batch<VariantId, Arc<Product>> for ByVariant {
    async fn load(&self, keys: &[VariantId]) -> Result<HashMap<VariantId, Arc<Product>>> {
        let found = self.0.product_list_by_variant(keys).await?.into_iter().map(Arc::new);
        let by_variant = |product: Arc<Product>| -> Vec<_> {
            product.variants.iter().map(|variant| (variant.id, Arc::clone(&product))).collect()
        };
        Ok(found.flat_map(by_variant).collect())
    }
}

/// Loads pages by id.
pub struct PagesById(Arc<dyn ProductStore>);

impl Batch<PageId, Page> for PagesById {
    async fn load(&self, keys: &[PageId]) -> Result<HashMap<PageId, Page>> {
        let found = self.0.page_list_by_id(keys).await?;
        Ok(found.into_iter().map(|page| (page.id, page)).collect())
    }
}
