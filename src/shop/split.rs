//! Where things are in the split form, by the services' file; databases themselves by [`super::database_urls`].

use kit::database::DatabaseConfig;
use url::Url;

use super::Service;
use super::config::{Secret, ServicesConfig};
use super::server_url::ServerUrl;
use crate::failure::Failure;

/// The URLs of a service's database on the configured replicas.
pub fn replica_urls(service: Service, config: &ServicesConfig) -> Result<Vec<String>, Failure> {
    let url = |replica: &Secret| ServerUrl::parse(replica.expose()).map(|server| server.database(service));
    config.databases.replicas.iter().map(url).collect()
}

/// A pool's bounds.
pub fn database_config(config: &ServicesConfig) -> DatabaseConfig {
    DatabaseConfig { pool_size_max: config.databases.pool_size_max, ..DatabaseConfig::default() }
}

/// Where a service's GraphQL is.
pub fn graphql_url(config: &ServicesConfig, service: Service) -> Result<Url, Failure> {
    config.peers.url(service)?.join("graphql").map_err(Failure::environment)
}
