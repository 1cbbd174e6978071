//! Where things are in the split form, by the services' file and the environment.

use kit::database::DatabaseConfig;
use url::Url;

use super::Service;
use super::config::{Secret, ServicesConfig};
use super::server_url::ServerUrl;
use crate::failure::Failure;

/// The URL of a service's database: its own variable's, else one of its name on the configured server, else `DATABASE_URL`.
pub fn database_url(service: Service, config: &ServicesConfig) -> Result<String, Failure> {
    if let Some(url) = own_database_url(service) {
        return Ok(url);
    }
    if let Some(server) = server(config)? {
        return Ok(server.database(service));
    }
    set("DATABASE_URL").ok_or_else(|| {
        Failure::environment(format!(
            "{} has no database; set {}, or name it in the services' file",
            service.name(),
            service.database_variable()
        ))
    })
}

/// What the service's own variable says.
pub fn own_database_url(service: Service) -> Option<String> {
    set(&service.database_variable())
}

/// What a variable says; one that is set to nothing says nothing.
fn set(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|url| !url.is_empty())
}

/// The configured server of databases, if there is one.
pub fn server(config: &ServicesConfig) -> Result<Option<ServerUrl>, Failure> {
    config.databases.server.as_ref().map(|url| ServerUrl::parse(url.expose())).transpose()
}

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
