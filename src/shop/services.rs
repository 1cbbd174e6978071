//! Opens each service: database, migrations, subgraph.

use std::sync::Arc;

use kit::database::DatabaseConfig;
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
            chain(&error)
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
    database.migrate(migrations).await.map_err(|error| {
        Failure::environment(format!(
            "cannot migrate the database of {}: {}; repair it and start again",
            service.name(),
            chain(&error)
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
