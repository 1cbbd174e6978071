//! A service's own database: opened, and brought to its newest version.

use kit::Database;
use kit::database::DatabaseConfig;

use super::Service;
use crate::failure::{Failure, chain};

/// Opens it and proves that it answers. The URL may hold a password and is never shown.
pub async fn open(service: Service, url: &str, config: DatabaseConfig) -> Result<Database, Failure> {
    open_to_read(service, url, &[], config).await
}

/// The same with replicas, which needn't be there yet.
pub async fn open_to_read(
    service: Service,
    url: &str,
    replicas: &[String],
    config: DatabaseConfig,
) -> Result<Database, Failure> {
    Database::connect_with_replicas(url, replicas, config).await.map_err(|error| {
        Failure::environment(format!(
            "cannot use the database of {}: {}; check that it runs and that its URL is right",
            service.name(),
            chain(&error)
        ))
    })
}

/// Brings it to the newest version of its schema.
pub async fn migrate(service: Service, database: &Database) -> Result<(), Failure> {
    service.parts().migrate(database).await.map_err(|error| {
        Failure::environment(format!(
            "cannot migrate the database of {}: {}; repair it and start again",
            service.name(),
            chain(&error)
        ))
    })
}
