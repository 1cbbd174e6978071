//! The catalogue in MongoDB: products with their variants and content, categories and pages, a document each.
//!
//! There are no transactions over documents, and none are needed: what happened is pushed into the document that it happened to, in
//! the update that changes it, and leaves from there ([`relay`]). A write is guarded by the version that it was decided on.
//! Categories' schemas are checked by the catalogue itself, never by the server alone, since not every server does.
//!
//! Apart from the catalogue's own crate, since the driver is large. It must never decide who may write, nor what a product is.

mod categories;
mod config;
mod documents;
mod error;
mod levels;
mod list;
mod pages;
mod products;
pub mod relay;
mod seed;
#[cfg(test)]
mod tests;
mod workers;

use std::sync::Arc;
use std::time::Duration;

use ::products::store::StoreError;
use mongodb::bson::{Document, doc};
use mongodb::options::{Acknowledgment, ClientOptions, IndexOptions, WriteConcern};
use mongodb::{Client, Collection, IndexModel};
use tokio::sync::Notify;

pub use config::MongoConfig;
pub use seed::seed;
pub use workers::workers;

use documents::{CategoryDocument, PageDocument, ProductDocument};
use error::failed;

/// The catalogue; cheap to clone.
#[derive(Clone)]
pub struct MongoCatalogue {
    client: Client,
    name: String,
    server_timeout: Duration,
    /// Told when there is something to tell.
    woken: Arc<Notify>,
}

impl MongoCatalogue {
    /// Opens the catalogue, and makes the indexes that it needs.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no server answers in time.
    pub async fn connect(url: &str, config: MongoConfig) -> Result<Self, StoreError> {
        let mut options = ClientOptions::parse(url).await.map_err(failed)?;
        let timeout = Duration::from_millis(config.server_timeout_ms);
        options.server_selection_timeout = Some(timeout);
        options.connect_timeout = Some(timeout);
        options.max_pool_size = Some(config.pool_size_max);
        options.app_name = Some("supergraph products".to_owned());
        // A write that was cut off may have been done: it is told from one that wasn't by its version.
        options.retry_writes = Some(false);
        // What is acknowledged outlives a kill, and a change of primary: by default only memory has it for a tenth of a second.
        options.write_concern = Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build());
        let client = Client::with_options(options).map_err(failed)?;
        let catalogue = Self { client, name: config.database, server_timeout: timeout, woken: Arc::default() };
        catalogue.make_indexes().await?;
        Ok(catalogue)
    }

    pub(crate) fn products(&self) -> Collection<ProductDocument> {
        self.collection("products")
    }

    pub(crate) fn categories(&self) -> Collection<CategoryDocument> {
        self.collection("categories")
    }

    pub(crate) fn pages(&self) -> Collection<PageDocument> {
        self.collection("pages")
    }

    pub(crate) fn collection<T: Send + Sync>(&self, name: &str) -> Collection<T> {
        self.client.database(&self.name).collection(name)
    }

    /// How long what nobody else waits for may take: until there is a server, and as long again for its answer.
    fn answer_timeout(&self) -> Duration {
        self.server_timeout.saturating_mul(2)
    }

    /// Whether a server answers within that time.
    pub async fn is_ready_within(&self, timeout: Duration) -> bool {
        let ping = async { self.client.database(&self.name).run_command(doc! { "ping": 1 }).await };
        matches!(tokio::time::timeout(timeout, ping).await, Ok(Ok(_)))
    }

    /// One index an order, each ending in the id; unique ones for what is told apart by it.
    async fn make_indexes(&self) -> Result<(), StoreError> {
        let products = [
            unique(doc! { "skus": 1 }),
            index(doc! { "name_folded": 1, "_id": 1 }),
            index(doc! { "price.currency": 1, "price.minor": 1, "_id": 1 }),
            index(doc! { "created_at": -1, "_id": -1 }),
            index(doc! { "category": 1, "name_folded": 1, "_id": 1 }),
            index(doc! { "variants.id": 1 }),
            index(doc! { "pending.id": 1 }),
        ];
        let pages =
            [unique(doc! { "slug": 1 }), index(doc! { "status": 1, "slug": 1 }), index(doc! { "pending.id": 1 })];
        self.products().create_indexes(products).await.map_err(failed)?;
        self.pages().create_indexes(pages).await.map_err(failed)?;
        Ok(())
    }
}

fn index(keys: Document) -> IndexModel {
    IndexModel::builder().keys(keys).build()
}

fn unique(keys: Document) -> IndexModel {
    IndexModel::builder().keys(keys).options(IndexOptions::builder().unique(true).build()).build()
}
