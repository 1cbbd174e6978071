//! The catalogue's store, by configuration: the database of products, or MongoDB.

use std::sync::Arc;

use kit::outbox::Status;
use kit::seed::Seed;
use kit::{Database, Metrics, Workers};
use mongo_catalogue::MongoCatalogue;
use products::store::{PostgresProducts, ProductStore, StoreError};
use wire::bus::Bus;

use super::Service;
use super::config::CatalogueConfig;
use crate::failure::{Failure, chain};

/// Where the catalogue is kept; cheap to clone.
#[derive(Clone)]
pub enum CatalogueStore {
    /// In the database of products.
    Postgres,
    /// In MongoDB.
    Mongo(MongoCatalogue),
}

impl CatalogueStore {
    /// Opens the configured one for products; no other service looks there. It needn't be there yet.
    pub async fn open(service: Service, config: &CatalogueConfig) -> Result<Self, Failure> {
        let (Service::Products, CatalogueConfig::Mongodb { url, options }) = (service, config) else {
            return Ok(Self::Postgres);
        };
        let catalogue = MongoCatalogue::open(url.expose(), options.clone()).await;
        catalogue.map(Self::Mongo).map_err(|error| {
            let reason = chain(&error);
            Failure::Refused(format!(
                "cannot use catalogue.mongodb.url: {reason}; write it as mongodb://name:password@host:27017"
            ))
        })
    }

    /// Makes in it what is missing, for whoever is going to use it. While it is away that is left to its first use: other services of the
    /// process don't wait for it.
    pub async fn prepare(&self) {
        let Self::Mongo(catalogue) = self else { return };
        if let Err(error) = catalogue.prepare().await {
            tracing::warn!(error = %chain(&error), "the catalogue in MongoDB can't be had yet; it is used once it can");
        }
    }

    /// As products see it. `database` is the service's own.
    pub fn store(&self, database: Database) -> Arc<dyn ProductStore> {
        match self {
            Self::Postgres => Arc::new(PostgresProducts::new(database)),
            Self::Mongo(catalogue) => Arc::new(catalogue.clone()),
        }
    }

    /// What it does in the background. What its consumers have seen is in `database`.
    pub fn workers(&self, database: &Database, bus: &Arc<dyn Bus>) -> Workers {
        match self {
            Self::Postgres => products::workers(database, bus),
            Self::Mongo(catalogue) => mongo_catalogue::workers(catalogue, database, bus),
        }
    }

    /// How much of it waits to be published apart from the service's outbox; `None` if that is the only place.
    pub async fn pending(&self) -> Result<Option<Status>, StoreError> {
        match self {
            Self::Postgres => Ok(None),
            Self::Mongo(catalogue) => mongo_catalogue::relay::status(catalogue).await.map(Some),
        }
    }

    /// Has that told among the metrics of products.
    pub fn watch(&self, metrics: &Metrics) {
        let Self::Mongo(catalogue) = self else { return };
        let catalogue = catalogue.clone();
        metrics.watch_pending(Service::Products.name(), move || {
            let catalogue = catalogue.clone();
            async move { mongo_catalogue::relay::status(&catalogue).await }
        });
    }

    /// Fills it if it is empty; gives the products loaded, or why they aren't.
    pub async fn seed(&self, database: &Database, seed: Seed<'_>) -> Result<u64, String> {
        match self {
            Self::Postgres => {
                let rows = products::seed(database, seed).await;
                rows.map_err(|error| format!("{}; nothing of it was kept", chain(&error)))
            }
            Self::Mongo(catalogue) => {
                let rows = mongo_catalogue::seed(catalogue, seed).await;
                rows.map_err(|error| format!("{}; drop what was kept of it before the next try", chain(&error)))
            }
        }
    }
}
