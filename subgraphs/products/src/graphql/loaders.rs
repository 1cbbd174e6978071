//! Products by key, many at once, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use kit::cache::{Loaded, Versioned};
use kit::database::Freshness;
use kit::loader::{Source, Through};
use kit::recent_writers::Reader;
use kit::{Batch, Loader, Result};

use crate::caches::{ProductCaches, version};
use crate::domain::{Page, Product};
use crate::store::ProductStore;
use crate::{PageId, ProductId, VariantId};

/// The loaders of one request.
pub struct Loaders {
    /// By id.
    pub by_id: Loader<ProductId, Arc<Product>, Through<ProductId, Product, ById>>,
    /// By SKU.
    pub by_sku: Loader<String, Arc<Product>, BySku>,
    /// By one of its variants.
    pub by_variant: Loader<VariantId, Arc<Product>, ByVariant>,
    /// Pages of content, by id.
    pub pages: Loader<PageId, Page, PagesById>,
}

impl Loaders {
    /// Fresh loaders over `store`, through `caches`, for who `reader` is.
    pub fn new(store: &Arc<dyn ProductStore>, caches: &ProductCaches, reader: &Reader) -> Self {
        Self {
            by_id: Loader::through(&caches.products, reader, ById(Arc::clone(store))),
            by_sku: Loader::new(BySku(Arc::clone(store), reader.clone())),
            by_variant: Loader::new(ByVariant(Arc::clone(store), reader.clone())),
            pages: Loader::new(PagesById(Arc::clone(store), reader.clone())),
        }
    }
}

/// Reads by id.
pub struct ById(Arc<dyn ProductStore>);

impl Source<ProductId, Product> for ById {
    async fn read(&self, keys: Vec<ProductId>, freshness: Freshness) -> Result<Loaded<ProductId, Product>> {
        let found = self.0.reading(freshness).product_list_by_id(&keys).await?;
        let versioned = |product: Product| (product.id, Ok(Versioned { version: version(&product), value: product }));
        Ok(found.into_iter().map(versioned).collect())
    }
}

/// Loads by SKU.
pub struct BySku(Arc<dyn ProductStore>, Reader);

impl Batch<String, Arc<Product>> for BySku {
    async fn load(&self, keys: &[String]) -> Result<HashMap<String, Arc<Product>>> {
        let found = self.0.reading(self.1.freshness().await).product_list_by_sku(keys).await?;
        Ok(found.into_iter().map(|product| (product.sku.clone(), Arc::new(product))).collect())
    }
}

/// Loads by variant.
pub struct ByVariant(Arc<dyn ProductStore>, Reader);

impl Batch<VariantId, Arc<Product>> for ByVariant {
    async fn load(&self, keys: &[VariantId]) -> Result<HashMap<VariantId, Arc<Product>>> {
        let found =
            self.0.reading(self.1.freshness().await).product_list_by_variant(keys).await?.into_iter().map(Arc::new);
        let by_variant = |product: Arc<Product>| -> Vec<_> {
            product.variants.iter().map(|variant| (variant.id, Arc::clone(&product))).collect()
        };
        Ok(found.flat_map(by_variant).collect())
    }
}

/// Loads pages by id.
pub struct PagesById(Arc<dyn ProductStore>, Reader);

impl Batch<PageId, Page> for PagesById {
    async fn load(&self, keys: &[PageId]) -> Result<HashMap<PageId, Page>> {
        let found = self.0.reading(self.1.freshness().await).page_list_by_id(keys).await?;
        Ok(found.into_iter().map(|page| (page.id, page)).collect())
    }
}
