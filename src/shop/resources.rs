//! What one service stands on in a process, opened by its configuration.

use std::sync::Arc;

use kit::cache::SharedTier;
use kit::objects::ObjectStorage;
use kit::{Database, Metrics, Reads};

use super::Service;
use super::catalogue::CatalogueStore;
use super::config::ServicesConfig;
use super::objects;
use crate::failure::Failure;

/// See the module; cheap to clone.
#[derive(Clone)]
pub struct Resources {
    /// The service's own database.
    pub database: Database,
    /// Where products keep theirs; no other service looks there.
    pub catalogue: CatalogueStore,
    /// What its caches share with other processes, if anything.
    shared: Option<SharedTier>,
    /// Where orders keep documents, if anywhere.
    pub objects: Option<Arc<dyn ObjectStorage>>,
}

impl Resources {
    /// Those of a service whose database is open.
    pub async fn open(service: Service, database: Database, config: &ServicesConfig) -> Result<Self, Failure> {
        let catalogue = CatalogueStore::open(service, &config.catalogue).await?;
        catalogue.prepare().await;
        let objects = match service {
            Service::Orders => objects::open(&config.objects)?,
            _ => None,
        };
        Ok(Self { database, catalogue, shared: None, objects })
    }

    /// Those of a service that only tells its schema.
    pub fn unconnected() -> Self {
        Self { database: Database::unconnected(), catalogue: CatalogueStore::Postgres, shared: None, objects: None }
    }

    /// The same with caches that share a tier with other processes.
    pub fn sharing(self, shared: &Option<SharedTier>) -> Self {
        Self { shared: shared.clone(), ..self }
    }

    /// How the service reads.
    pub fn reads(&self, service: Service) -> Reads {
        Reads::new(service.name(), self.database.clone(), self.shared.clone())
    }

    /// Has it told what waits there: for the process that works on it.
    pub fn watch(&self, service: Service, metrics: &Metrics) {
        metrics.watch_tables(service.name(), &self.database);
        self.catalogue.watch(metrics);
    }

    /// The same with another pool of connections to the same database.
    pub fn over(&self, database: Database) -> Self {
        Self { database, ..self.clone() }
    }
}
