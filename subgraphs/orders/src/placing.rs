//! How an order comes about: check, recognise a repetition, ask for prices, store once.
//!
//! It must never let a price in from anywhere but the catalogue, nor store one key twice.

use std::sync::Arc;

use thiserror::Error;

use crate::catalogue::{Catalogue, CatalogueError};
use crate::domain::{InvalidPlacement, Order, Placement, PricingError, RequestedLine, price_order};
use crate::store::{OrderStore, Placed, StoreError};
use crate::{ProductId, UserId};

/// Takes orders.
#[derive(Clone)]
pub struct OrderDesk {
    store: OrderStore,
    catalogue: Arc<dyn Catalogue>,
}

/// Why an order was not placed.
#[derive(Debug, Error)]
pub enum PlacingError {
    /// The request breaks rules; all that it breaks.
    #[error("the request breaks the rules of placing orders")]
    Invalid(Vec<InvalidPlacement>),
    /// The request can't be priced; all that is in the way.
    #[error("the request can't be priced")]
    Unpriced(Vec<PricingError>),
    /// The key belongs to another request of the customer.
    #[error("the idempotency key belongs to another request")]
    IdempotencyConflict,
    /// No prices were to be had. Internal.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The store failed. Internal.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OrderDesk {
    /// A desk that writes to `store` and prices by `catalogue`.
    #[must_use]
    pub fn new(store: OrderStore, catalogue: Arc<dyn Catalogue>) -> Self {
        Self { store, catalogue }
    }

    /// Places an order for `customer`, or finds the one that the same request placed before.
    /// A repetition costs one statement and asks nobody for prices.
    ///
    /// # Errors
    /// See [`PlacingError`].
    pub async fn place(
        &self,
        customer: UserId,
        idempotency_key: String,
        requested: &[RequestedLine],
    ) -> Result<Order, PlacingError> {
        let placement = Placement::parse(idempotency_key, requested).map_err(PlacingError::Invalid)?;
        let placed = match self.store.order_find_by_key(customer, &placement).await? {
            Some(placed) => placed,
            None => self.place_new(customer, &placement).await?,
        };
        match placed {
            Placed::Order(order) => Ok(order),
            Placed::Conflict => Err(PlacingError::IdempotencyConflict),
        }
    }

    async fn place_new(&self, customer: UserId, placement: &Placement) -> Result<Placed, PlacingError> {
        let products: Vec<ProductId> = placement.lines().iter().map(|line| line.product_id).collect();
        let quotes = self.catalogue.quotes(&products).await?;
        let priced = price_order(placement, &quotes).map_err(PlacingError::Unpriced)?;
        Ok(self.store.order_insert(customer, placement, &priced).await?)
    }
}
