//! Opens each service: database, migrations, subgraph.

use axum::Router;
use kit::database::DatabaseConfig;
use kit::internal::InternalConfig;
use kit::{Access, Database, Subgraph};
use notifications::webhook::WebhookConfig;
use payments::webhook::Webhooks;

use super::Service;
use super::config::ServicesConfig;
use super::outside::webhook_secrets;
use super::peers::OrdersPeers;
use super::resources::Resources;
use crate::failure::{Failure, chain};

/// Opens a service's database and proves that it answers. The URL may hold a password and is never shown.
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

/// Brings a service's database to the newest version of its schema.
pub async fn migrate(service: Service, database: &Database) -> Result<(), Failure> {
    let migrations = match service {
        Service::Users => users::MIGRATIONS,
        Service::Products => products::MIGRATIONS,
        Service::Stock => stock::MIGRATIONS,
        Service::Orders => orders::MIGRATIONS,
        Service::Payments => payments::MIGRATIONS,
        Service::Notifications => notifications::MIGRATIONS,
    };
    database.migrate(migrations).await.map_err(|error| {
        Failure::environment(format!(
            "cannot migrate the database of {}: {}; repair it and start again",
            service.name(),
            chain(&error)
        ))
    })
}

/// A service's subgraph on what it stands on. `peers` are whom orders asks.
pub fn subgraph(
    service: Service,
    resources: Resources,
    config: &ServicesConfig,
    peers: impl FnOnce() -> Result<OrdersPeers, Failure>,
    access: Access,
) -> Result<Subgraph, Failure> {
    Ok(match service {
        Service::Users => users::subgraph(&resources.reads(service), access),
        Service::Products => products(&resources, access),
        Service::Stock => stock::subgraph(&resources.reads(service), access),
        Service::Orders => {
            let OrdersPeers { catalogue, payments } = peers()?;
            orders::subgraph(&resources.reads(service), catalogue, payments, resources.objects.clone(), access)
        }
        Service::Payments => payments::subgraph(&resources.reads(service), access),
        Service::Notifications => {
            let webhooks = config.notifications.as_ref().map_or_else(WebhookConfig::default, |told| told.webhooks);
            notifications::subgraph(&resources.reads(service), webhooks.reach(), access)
        }
    })
}

/// The contract of a service's subgraph, which needs nothing to stand on.
pub fn sdl(service: Service) -> String {
    match service {
        Service::Users => users::sdl(),
        Service::Products => products::sdl(),
        Service::Stock => stock::sdl(),
        Service::Orders => orders::sdl(),
        Service::Payments => payments::sdl(),
        Service::Notifications => notifications::sdl(),
    }
}

/// What a service answers beside GraphQL: other services under `/internal/v1`, and the payment provider.
pub fn routes(
    service: Service,
    database: &Database,
    config: &ServicesConfig,
    access: &Access,
) -> Result<Router, Failure> {
    Ok(match service {
        Service::Users => users::internal_api(database.clone(), access.clone()).router,
        Service::Payments => {
            let internal = payments::internal_api(database, access.clone(), InternalConfig::default());
            let webhooks = Webhooks::new(database.clone(), webhook_secrets(config.payments()?));
            internal.router.merge(payments::webhook::router(webhooks))
        }
        Service::Products | Service::Stock | Service::Orders | Service::Notifications => Router::new(),
    })
}

/// The products subgraph.
pub fn products(resources: &Resources, access: Access) -> Subgraph {
    products::subgraph(
        resources.catalogue.store(resources.database.clone()),
        &resources.reads(Service::Products),
        access,
    )
}
