//! Opens each service: database, migrations, subgraph.

use std::sync::Arc;

use kit::database::{DatabaseConfig, DatabaseError};
use kit::{Access, Database, Subgraph};
use orders::catalogue::Catalogue;

use super::Service;
use crate::failure::{Failure, chain};

/// Opens a service's database and proves that it answers. The URL may hold a password and is never shown.
pub async fn open(service: Service, url: &str) -> Result<Database, Failure> {
    Database::connect(url, DatabaseConfig::default()).await.map_err(|error| {
        Failure::environment(format!(
            "cannot use the database of {}: {}; check that it runs and that its URL is right",
            service.name(),
            describe(&error)
        ))
    })
}

/// Brings a service's database to the newest version of its schema.
pub async fn migrate(service: Service, database: &Database) -> Result<(), Failure> {
    let migrations = match service {
        Service::Users => users::MIGRATIONS,
        Service::Products => products::MIGRATIONS,
        Service::Orders => orders::MIGRATIONS,
    };
    let own = database.clone();
    // A task of its own: migrations block the thread that polls them, and whatever else that thread polls would miss its
    // wake-ups.
    let migrated = tokio::spawn(async move { own.migrate(migrations).await.map_err(|error| describe(&error)) }).await;
    migrated.unwrap_or_else(|error| Err(error.to_string())).map_err(|reason| {
        Failure::environment(format!(
            "cannot migrate the database of {}: {reason}; repair it and start again",
            service.name()
        ))
    })
}

/// The users subgraph.
pub fn users(database: Database, access: Access) -> Subgraph {
    users::subgraph(database, access)
}

/// The products subgraph.
pub fn products(database: Database, access: Access) -> Subgraph {
    products::subgraph(Arc::new(products::store::PostgresProducts::new(database)), access)
}

/// The orders subgraph, which asks the catalogue for prices.
pub fn orders(database: Database, catalogue: Arc<dyn Catalogue>, access: Access) -> Subgraph {
    orders::subgraph(orders::store::OrderStore::new(database), catalogue, access)
}

/// A database error with its causes; none of them holds the URL.
pub fn describe(error: &DatabaseError) -> String {
    chain(error)
}
