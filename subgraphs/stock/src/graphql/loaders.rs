//! Items by product and by variant, many at once, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use kit::recent_writers::Reader;
use kit::{Batch, GlobalId, Loader, Result};
use uuid::Uuid;

use crate::domain::Item;
use crate::{ProductId, StockStore, VariantId};

/// The loaders of one request.
pub struct Loaders {
    /// All items of a product.
    pub by_product: Loader<ProductId, Arc<[Item]>, ByProduct>,
    /// The item of a variant.
    pub by_variant: Loader<VariantId, Item, ByVariant>,
}

impl Loaders {
    /// Fresh loaders over `store`, for who `reader` is.
    pub fn new(store: &StockStore, reader: &Reader) -> Self {
        Self {
            by_product: Loader::new(ByProduct(store.clone(), reader.clone())),
            by_variant: Loader::new(ByVariant(store.clone(), reader.clone())),
        }
    }

    /// Forgets what was read of an item, after it was changed.
    pub async fn forget(&self, item: &Item) {
        self.by_product.clear(item.key.product_id).await;
        if let Some(variant) = item.key.variant_id {
            self.by_variant.clear(variant).await;
        }
    }
}

/// Loads by product.
pub struct ByProduct(StockStore, Reader);

impl Batch<ProductId, Arc<[Item]>> for ByProduct {
    async fn load(&self, keys: &[ProductId]) -> Result<HashMap<ProductId, Arc<[Item]>>> {
        let mut by_product: HashMap<ProductId, Vec<Item>> = HashMap::new();
        for item in self.0.item_list_by_product(keys, self.1.freshness().await).await? {
            by_product.entry(item.key.product_id).or_default().push(item);
        }
        Ok(keys.iter().filter_map(|key| Some((*key, by_product.remove(key)?.into()))).collect())
    }
}

/// Loads by variant.
pub struct ByVariant(StockStore, Reader);

impl Batch<VariantId, Item> for ByVariant {
    async fn load(&self, keys: &[VariantId]) -> Result<HashMap<VariantId, Item>> {
        let ids: Vec<Uuid> = keys.iter().map(VariantId::uuid).collect();
        let found = self.0.item_list(&ids, self.1.freshness().await).await?;
        Ok(found.into_iter().filter_map(|item| Some((item.key.variant_id?, item))).collect())
    }
}
