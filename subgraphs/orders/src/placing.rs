//! How an order comes about: check, recognise a repetition, ask for prices, store once.
//!
//! It must never let a price in from anywhere but the catalogue, nor store one key twice.

use std::sync::Arc;

use kit::database::Freshness;
use thiserror::Error;

use crate::UserId;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::domain::{
    Article, CartView, InvalidPlacement, NotSold, OrderView, Placement, PlacementRequest, PricedOrder, PricingError,
    RequestedLine, price_order, quote_of,
};
use crate::store::{Actor, CartChange, ChangeError, OrderStore, Placed, PlacingTerms, StoreError};

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
    /// The cart was changed while its prices were asked for.
    #[error("the cart was changed meanwhile")]
    CartChanged,
    /// Nothing is taken from this customer any more.
    #[error("nothing is taken from this customer any more")]
    CustomerClosed,
    /// No prices were to be had. Internal.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The store failed. Internal.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a cart was not changed.
#[derive(Debug, Error)]
pub enum CartError {
    /// What is to come in isn't sold.
    #[error(transparent)]
    NotSold(#[from] NotSold),
    /// The cart's own rules, or somebody else's change.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The catalogue gave no answer. Internal.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

impl OrderDesk {
    /// A desk that writes to `store` and prices by `catalogue`.
    #[must_use]
    pub fn new(store: OrderStore, catalogue: Arc<dyn Catalogue>) -> Self {
        Self { store, catalogue }
    }

    /// Places an order for `customer`, or finds the one that the same request placed before.
    /// A repetition costs two statements and asks nobody for prices.
    ///
    /// # Errors
    /// See [`PlacingError`].
    pub async fn place(&self, customer: UserId, request: PlacementRequest) -> Result<OrderView, PlacingError> {
        let placement = Placement::parse(request).map_err(PlacingError::Invalid)?;
        let placed = match self.store.order_find_by_key(customer, &placement).await? {
            Some(placed) => placed,
            None => self.place_new(customer, &placement).await?,
        };
        match placed {
            Placed::Order(order) => Ok(*order),
            Placed::Conflict => Err(PlacingError::IdempotencyConflict),
            Placed::CartChanged => Err(PlacingError::CartChanged),
            Placed::CustomerClosed => Err(PlacingError::CustomerClosed),
        }
    }

    async fn place_new(&self, customer: UserId, placement: &Placement) -> Result<Placed, PlacingError> {
        let cart = match placement.lines() {
            Some(_) => None,
            None => match self.filled_cart(customer).await? {
                Some(cart) => Some(cart),
                // The same request may have placed it a moment ago.
                None => {
                    let placed = self.store.order_find_by_key(customer, placement).await?;
                    return placed.ok_or(PlacingError::Invalid(vec![InvalidPlacement::NoLines]));
                }
            },
        };
        let lines = placement.lines().or(cart.as_ref().map(|cart| &*cart.lines)).unwrap_or_default();
        let priced = self.price(lines).await?;
        let terms = PlacingTerms { placement, priced: &priced, cart: cart.as_ref() };
        Ok(self.store.order_place(customer, terms, &Actor::user(customer)).await?)
    }

    /// Changes a customer's cart. What comes in must be sold now.
    ///
    /// # Errors
    /// See [`CartError`].
    pub async fn change_cart(
        &self,
        customer: UserId,
        expected: Option<u32>,
        change: CartChange,
    ) -> Result<CartView, CartError> {
        if let CartChange::Add(line) | CartChange::Set(line) = change {
            let quotes = self.catalogue.quotes(&[line.article()]).await?;
            quote_of(&line, &quotes)?;
        }
        Ok(self.store.cart_change(customer, expected, change, &Actor::user(customer)).await?)
    }

    async fn filled_cart(&self, customer: UserId) -> Result<Option<CartView>, StoreError> {
        Ok(self.store.cart_find(customer, Freshness::Latest).await?.filter(|cart| !cart.lines.is_empty()))
    }

    async fn price(&self, lines: &[RequestedLine]) -> Result<PricedOrder, PlacingError> {
        let articles: Vec<Article> = lines.iter().map(RequestedLine::article).collect();
        let quotes = self.catalogue.quotes(&articles).await?;
        price_order(lines, &quotes).map_err(PlacingError::Unpriced)
    }
}
