//! How the catalogue is written: read, decide, store what was decided together with what happened, unless somebody wrote in
//! between. So a store needs no more than writing one document at a time.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};
use kit::{GlobalId, Money};
use uuid::Uuid;

use crate::ProductId;
use crate::domain::{Decided, Product, ProductChange, ProductDraft};
use crate::events::messages;
use crate::store::{ProductStore, StoreError, Written};

/// Writes the catalogue. It must never decide who may.
#[derive(Clone)]
pub struct Desk {
    store: Arc<dyn ProductStore>,
}

impl Desk {
    /// A desk that writes to `store`.
    #[must_use]
    pub fn new(store: Arc<dyn ProductStore>) -> Self {
        Self { store }
    }

    /// Adds a product of a draft that keeps the rules; `None` when its SKU is taken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add(&self, actor: Option<&str>, draft: ProductDraft) -> Result<Option<Product>, StoreError> {
        let decided = Product::add(ProductId::from_uuid(Uuid::now_v7()), draft, now());
        let messages = messages(&decided.events, decided.state.version, actor, decided.state.updated_at)?;
        let is_added = self.store.product_insert(&decided.state, &messages).await?;
        Ok(is_added.then_some(decided.state))
    }

    /// Changes what a product says about itself; the change keeps the rules.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change(
        &self,
        actor: Option<&str>,
        (id, expected): (ProductId, i32),
        change: ProductChange,
    ) -> Result<Written, StoreError> {
        self.write(actor, (id, expected), |product| product.change(change, now())).await
    }

    /// Sets a price, which keeps the rules.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_price(
        &self,
        actor: Option<&str>,
        (id, expected): (ProductId, i32),
        price: Money,
    ) -> Result<Written, StoreError> {
        self.write(actor, (id, expected), |product| product.change_price(price, now())).await
    }

    async fn write(
        &self,
        actor: Option<&str>,
        (id, expected): (ProductId, i32),
        decide: impl FnOnce(&Product) -> Decided<Product> + Send,
    ) -> Result<Written, StoreError> {
        let Some(product) = self.store.product_list_by_id(&[id]).await?.pop() else { return Ok(Written::Missing) };
        if product.version != expected {
            return Ok(Written::VersionConflict(product.version));
        }
        let Decided { state, events } = decide(&product);
        let messages = messages(&events, state.version, actor, state.updated_at)?;
        self.store.product_save(state, &messages).await
    }
}

/// As precisely as every store keeps it.
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}
