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
use kit::PageRequest;
use kit::database::DatabaseError;
use thiserror::Error;
use uuid::Uuid;
use wire::bus::Message;
use wire::event::EnvelopeError;

pub use postgres::PostgresProducts;
pub(crate) use row::attributes_json;

use crate::ProductId;
use crate::domain::{Product, ProductFilter, ProductOrder, ProductPosition};

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

    /// Adds a product, and `messages` to what is to be told of it; not when its SKU is taken.
    fn product_insert<'a>(&'a self, product: &'a Product, messages: &'a [Message]) -> Answer<'a, bool>;

    /// Writes a product, and `messages` to what is to be told of it, if the stored one still has the version before its own.
    fn product_save<'a>(&'a self, product: Product, messages: &'a [Message]) -> Answer<'a, Written>;

    /// Notes whether an item of a product, itself or a variant, is on stock. Of a product that there isn't nothing is noted. This is
    /// no version of the product's: it is not what the catalogue says.
    fn availability_set(&self, product: ProductId, item: Uuid, is_available: bool) -> Answer<'_, ()>;
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

/// Why a store could not answer. All of these are internal errors.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No connection.
    #[error("the products database")]
    Database(#[from] DatabaseError),
    /// The statement failed.
    #[error("a statement failed")]
    Statement(#[from] diesel::result::Error),
    /// An event makes no message.
    #[error("an event can't be told")]
    Event(#[from] EnvelopeError),
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
