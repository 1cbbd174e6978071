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
mod indexes;
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
use mongodb::bson::doc;
use mongodb::options::{Acknowledgment, ClientOptions, WriteConcern};
use mongodb::{Client, Collection};
use tokio::sync::{Notify, OnceCell};

pub use config::MongoConfig;
pub use seed::seed;
pub use workers::workers;

use documents::{CategoryDocument, PageDocument, ProductDocument};
use error::{failed, refused};

/// The catalogue; cheap to clone.
#[derive(Clone)]
pub struct MongoCatalogue {
    client: Client,
    name: String,
    server_timeout: Duration,
    /// Whether this process knows that there are the indexes.
    indexed: Arc<OnceCell<()>>,
    /// Told when there is something to tell.
    woken: Arc<Notify>,
}

impl MongoCatalogue {
    /// Opens the catalogue. Its server needn't be there yet: it is looked for from now on, and used as soon as it is.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a URL, or options in it, that the driver doesn't take.
    pub async fn open(url: &str, config: MongoConfig) -> Result<Self, StoreError> {
        let mut options = ClientOptions::parse(url).await.map_err(refused)?;
        let timeout = Duration::from_millis(config.server_timeout_ms);
        options.server_selection_timeout = Some(timeout);
        options.connect_timeout = Some(timeout);
        options.max_pool_size = Some(config.pool_size_max);
        options.app_name = Some("supergraph products".to_owned());
        // A write that was cut off may have been done: it is told from one that wasn't by its version.
        options.retry_writes = Some(false);
        // What is acknowledged outlives a kill, and a change of primary: by default only memory has it for a tenth of a second.
        options.write_concern = Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build());
        let client = Client::with_options(options).map_err(refused)?;
        let (indexed, woken) = (Arc::default(), Arc::default());
        Ok(Self { client, name: config.database, server_timeout: timeout, indexed, woken })
    }

    pub(crate) async fn products(&self) -> Result<Collection<ProductDocument>, StoreError> {
        self.collection("products").await
    }

    pub(crate) async fn categories(&self) -> Result<Collection<CategoryDocument>, StoreError> {
        self.collection("categories").await
    }

    pub(crate) async fn pages(&self) -> Result<Collection<PageDocument>, StoreError> {
        self.collection("pages").await
    }

    /// A collection, with its indexes.
    pub(crate) async fn collection<T: Send + Sync>(&self, name: &str) -> Result<Collection<T>, StoreError> {
        self.prepare().await?;
        Ok(self.bare(name))
    }

    /// A collection as it is, for who only looks.
    pub(crate) fn bare<T: Send + Sync>(&self, name: &str) -> Collection<T> {
        self.client.database(&self.name).collection(name)
    }

    /// How long what nobody else waits for may take: until there is a server, and as long again for its answer.
    fn answer_timeout(&self) -> Duration {
        self.server_timeout.saturating_mul(2)
    }

    /// Whether a server answers within that time, and the catalogue can be used.
    pub async fn is_ready_within(&self, timeout: Duration) -> bool {
        let ready = async {
            self.prepare().await?;
            self.client.database(&self.name).run_command(doc! { "ping": 1 }).await.map_err(failed)
        };
        matches!(tokio::time::timeout(timeout, ready).await, Ok(Ok(_)))
    }
}
