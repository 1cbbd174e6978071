//! Writing products.

use kit::{GlobalId, Money};
use uuid::Uuid;

use super::{Desk, Written, now};
use crate::domain::{Decided, InvalidField, Product, ProductChange, ProductDraft, VariantDraft};
use crate::events::messages;
use crate::store::{Saved, StoreError};
use crate::{ProductId, VariantId};

/// Which product, and the version of it that the caller has read.
pub type Read = (ProductId, i32);

impl Desk {
    /// Adds a product.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add(&self, draft: ProductDraft) -> Result<Written, StoreError> {
        let mut invalid = draft.check();
        if invalid.is_empty() {
            invalid = self.check_category(&draft.category, &draft.attributes).await?;
        }
        if !invalid.is_empty() {
            return Ok(Written::Invalid(invalid));
        }
        let sku = draft.sku.clone();
        let Decided { state, events } = Product::add(ProductId::from_uuid(Uuid::now_v7()), draft, now());
        let messages = messages(&events, state.version, self.actor.as_deref(), state.updated_at)?;
        let is_added = self.store.product_insert(&state, &messages).await?;
        Ok(if is_added { self.written(state).await } else { Written::SkuTaken(sku) })
    }

    /// Changes what a product says about itself.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change(&self, read: Read, change: ProductChange) -> Result<Written, StoreError> {
        let mut invalid = change.check();
        if invalid.is_empty() {
            invalid.extend(self.check_shelves(change.blocks.as_deref().unwrap_or_default()).await?);
        }
        if !invalid.is_empty() {
            return Ok(Written::Invalid(invalid));
        }
        self.write(read, |product| Ok(product.change(change, now()))).await
    }

    /// Sets a price.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_price(&self, read: Read, price: Money) -> Result<Written, StoreError> {
        self.write(read, |product| {
            let invalid = product.check_price(&price);
            if invalid.is_empty() { Ok(product.change_price(price, now())) } else { Err(Written::Invalid(invalid)) }
        })
        .await
    }

    /// Adds a variant.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_variant(&self, read: Read, draft: VariantDraft) -> Result<Written, StoreError> {
        let sku = draft.sku.clone();
        let written = self.write(read, |product| {
            let invalid = draft.check(product);
            if !invalid.is_empty() {
                return Err(Written::Invalid(invalid));
            }
            Ok(product.add_variant(VariantId::from_uuid(Uuid::now_v7()), draft, now()))
        });
        Ok(match written.await? {
            Written::SkuTaken(_) => Written::SkuTaken(sku),
            written => written,
        })
    }

    /// Removes a variant; orders of it stand.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_variant(&self, read: Read, variant: VariantId) -> Result<Written, StoreError> {
        self.write(read, |product| product.remove_variant(variant, now()).ok_or(Written::VariantMissing)).await
    }

    /// Sells a product no more, for good.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn withdraw(&self, read: Read) -> Result<Written, StoreError> {
        self.write(read, |product| Ok(product.withdraw(now()))).await
    }

    async fn write(
        &self,
        (id, expected): Read,
        decide: impl FnOnce(&Product) -> Result<Decided<Product>, Written> + Send,
    ) -> Result<Written, StoreError> {
        let Some(product) = self.store.product_list_by_id(&[id]).await?.pop() else { return Ok(Written::Missing) };
        if product.version != expected {
            return Ok(Written::VersionConflict(product.version));
        }
        if product.withdrawn_at.is_some() {
            return Ok(Written::Withdrawn);
        }
        let Decided { state, events } = match decide(&product) {
            Ok(decided) => decided,
            Err(refused) => return Ok(refused),
        };
        if (&state.category, &state.attributes) != (&product.category, &product.attributes) {
            let invalid = self.check_category(&state.category, &state.attributes).await?;
            if !invalid.is_empty() {
                return Ok(Written::Invalid(invalid));
            }
        }
        let messages = messages(&events, state.version, self.actor.as_deref(), state.updated_at)?;
        Ok(match self.store.product_save(&state, &messages).await? {
            Saved::Done => self.written(state).await,
            Saved::Missing => Written::Missing,
            Saved::VersionConflict(version) => Written::VersionConflict(version),
            Saved::Taken => Written::SkuTaken(state.sku),
        })
    }

    async fn written(&self, product: Product) -> Written {
        if let Some(heard) = &self.heard {
            heard.product(&product).await;
        }
        Written::Product(Box::new(product))
    }

    /// What of the attributes isn't as the category says now. A category that is described anew asks nothing of products that are
    /// there, until their attributes are next written.
    async fn check_category(
        &self,
        category: &str,
        attributes: &[crate::domain::Attribute],
    ) -> Result<Vec<InvalidField>, StoreError> {
        let category = self.store.category_find(category).await?;
        Ok(category.map(|category| category.check_attributes(attributes)).unwrap_or_default())
    }
}
