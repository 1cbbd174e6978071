//! Where products are kept: the port, and its implementation on PostgreSQL.
//!
//! The trait asks for nothing that a document store could not do as well: single-document writes
//! guarded by a version, lookups by two unique keys, and keyset pages under four orders.
//! It must never decide who may write: that is the resolvers' part.

mod list;
mod postgres;
mod row;
mod schema;

use futures::future::BoxFuture;
use kit::database::DatabaseError;
use kit::{Money, PageRequest};
use thiserror::Error;

pub use postgres::PostgresProducts;
pub(crate) use row::attributes_json;

use crate::ProductId;
use crate::domain::{Product, ProductChange, ProductDraft, ProductFilter, ProductOrder, ProductPosition};

/// The answer of a store.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// What the subgraph needs of a product store. Every read takes many keys or gives one page.
pub trait ProductStore: Send + Sync {
    /// Whether the store answers now.
    fn is_ready(&self) -> BoxFuture<'_, bool>;

    /// Those of `ids` that exist, in any order.
    fn product_list_by_id<'a>(&'a self, ids: &'a [ProductId]) -> Answer<'a, Vec<Product>>;

    /// Those of `skus` that exist, in any order.
    fn product_list_by_sku<'a>(&'a self, skus: &'a [String]) -> Answer<'a, Vec<Product>>;

    /// The rows of one page under `order`, in the direction of `page`; its positions must fit `order`.
    fn product_list<'a>(
        &'a self,
        filter: &'a ProductFilter,
        order: ProductOrder,
        page: &'a PageRequest<ProductPosition>,
    ) -> Answer<'a, Vec<Product>>;

    /// Adds a product; `None` when its SKU is taken.
    fn product_insert(&self, draft: ProductDraft) -> Answer<'_, Option<Product>>;

    /// Writes those values that `change` has, if the product still has version `expected`.
    fn product_update(&self, id: ProductId, expected: i32, change: ProductChange) -> Answer<'_, Written>;

    /// Writes the price, if the product still has version `expected`.
    fn price_update(&self, id: ProductId, expected: i32, price: Money) -> Answer<'_, Written>;

    /// Adds `quantity` (at least 1) to the stock. Needs no version: deliveries add up in any order.
    fn stock_add(&self, id: ProductId, quantity: i32) -> Answer<'_, Restocked>;
}

/// What became of a write that is guarded by a version.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// Written; the product as it is now.
    Product(Box<Product>),
    /// There is no such product.
    Missing,
    /// Somebody wrote in between; the product has this version now.
    VersionConflict(i32),
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Restocked {
    /// Added; the product as it is now.
    Product(Box<Product>),
    /// There is no such product.
    Missing,
    /// The new stock would exceed [`crate::domain::STOCK_MAX`].
    StockTooLarge,
}

/// Why a store could not answer. All of these are internal errors.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No connection.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The statement failed.
    #[error("a statement failed")]
    Statement(#[from] diesel::result::Error),
    /// A stored value that no version of this program writes.
    #[error("the stored {0} of a product can't be read")]
    Corrupt(&'static str),
    /// A position that no product can have: a cursor that nobody was given.
    #[error("a position does not fit the order of the list")]
    Position,
}

impl From<StoreError> for kit::Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Position => Self::InvalidPagination("Not a cursor of this list and order".to_owned()),
            error => Self::internal(error),
        }
    }
}
