//! Where the catalogue is kept: the ports, and their implementation on PostgreSQL.
//!
//! The traits ask for nothing that a document store could not do as well: writes of one document, guarded by a version, that keep
//! what is to be told of it with it; lookups by unique keys; and keyset pages. Every store is held to [`behaviour`].
//! It must never decide who may write: that is the resolvers' part.

#[cfg(any(test, feature = "testing"))]
pub mod behaviour;
mod document;
mod error;
mod level;
mod list;
mod postgres;
mod row;
mod schema;

use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::PageRequest;
use kit::database::Freshness;
use wire::bus::Message;

pub use document::{StoredMoney, StoredVariant};
pub use error::StoreError;
pub use level::ItemLevel;
pub use postgres::PostgresProducts;
pub(crate) use row::attributes_json;

use crate::domain::{Category, Page, PageStatus, Product, ProductFilter, ProductOrder, ProductPosition};
use crate::{PageId, ProductId, VariantId};

/// The answer of a store.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// Where products are kept, and all else that the subgraph needs. Every read takes many keys or gives one page.
pub trait ProductStore: CategoryStore + PageStore {
    /// Whether the store answers now.
    fn is_ready(&self) -> BoxFuture<'_, bool>;

    /// The same store, whose reads are as fresh as said. Others are of the primary's own state, so that what is decided on is
    /// what is.
    fn reading(&self, freshness: Freshness) -> Arc<dyn ProductStore>;

    /// Those of `ids` that exist, in any order.
    fn product_list_by_id<'a>(&'a self, ids: &'a [ProductId]) -> Answer<'a, Vec<Product>>;

    /// Those of `skus` that exist, in any order.
    fn product_list_by_sku<'a>(&'a self, skus: &'a [String]) -> Answer<'a, Vec<Product>>;

    /// Those that have one of the variants `ids`, in any order.
    fn product_list_by_variant<'a>(&'a self, ids: &'a [VariantId]) -> Answer<'a, Vec<Product>>;

    /// The rows of one page, without what is sold no more, under `order`, in the direction of `page`; its positions must fit `order`.
    fn product_list<'a>(
        &'a self,
        filter: &'a ProductFilter,
        order: ProductOrder,
        page: &'a PageRequest<ProductPosition>,
    ) -> Answer<'a, Vec<Product>>;

    /// Adds a product, and `messages` to what is to be told of it; not when one of its SKUs is taken.
    fn product_insert<'a>(&'a self, product: &'a Product, messages: &'a [Message]) -> Answer<'a, bool>;

    /// Writes a product, and `messages` to what is to be told of it, if the stored one still has the version before its own.
    fn product_save<'a>(&'a self, product: &'a Product, messages: &'a [Message]) -> Answer<'a, Saved>;

    /// Notes whether an item is on stock, unless a later level of it is known. Of a product that there isn't nothing is noted. This is
    /// no version of the product's: it is not what the catalogue says.
    fn level_set(&self, level: ItemLevel) -> Answer<'_, ()>;

    /// The same for who hears it in a transaction of the service's database: a store that is there writes by `connection`, so that the
    /// level is kept together with the knowledge that it was heard. Any other bears to be told again.
    fn level_set_in_txn<'a>(&'a self, connection: &'a mut AsyncPgConnection, level: ItemLevel) -> Answer<'a, ()> {
        let _ = connection;
        self.level_set(level)
    }
}

/// Where categories are kept.
pub trait CategoryStore: Send + Sync {
    /// All categories that are described, by name.
    fn category_list(&self) -> Answer<'_, Vec<Category>>;

    /// One of them.
    fn category_find<'a>(&'a self, name: &'a str) -> Answer<'a, Option<Category>>;

    /// Adds a category of version 1, or writes one of a later version if the stored one still has the version before its own.
    fn category_save<'a>(&'a self, category: &'a Category) -> Answer<'a, Saved>;
}

/// Where pages are kept.
pub trait PageStore: Send + Sync {
    /// Those of `ids` that exist, in any order.
    fn page_list_by_id<'a>(&'a self, ids: &'a [PageId]) -> Answer<'a, Vec<Page>>;

    /// The page of a slug.
    fn page_find_by_slug<'a>(&'a self, slug: &'a str) -> Answer<'a, Option<Page>>;

    /// The rows of one page of pages by slug, in the direction of `request`.
    fn page_list<'a>(&'a self, status: Option<PageStatus>, request: &'a PageRequest<String>) -> Answer<'a, Vec<Page>>;

    /// Adds a page of version 1, or writes one of a later version if the stored one still has the version before its own; and
    /// `messages` to what is to be told of it.
    fn page_save<'a>(&'a self, page: &'a Page, messages: &'a [Message]) -> Answer<'a, Saved>;
}

/// What became of a write that is guarded by a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Done,
    /// There is nothing to write over.
    Missing,
    /// Somebody wrote in between; it has this version now.
    VersionConflict(i32),
    /// Something that must be unique belongs to another.
    Taken,
}
