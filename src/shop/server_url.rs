//! The URL of a server with a database a service: their URLs there, and making those that are missing.

use kit::Database;
use kit::database::{DatabaseConfig, DatabaseError};
use tokio_postgres::error::SqlState;
use url::Url;

use super::Service;
use crate::failure::{Failure, chain};

/// The message bus' database.
const BUS: &str = "bus";

/// A server's URL as it was configured. Shown without its password.
#[derive(Clone)]
pub struct ServerUrl(Url);

impl ServerUrl {
    /// Reads a PostgreSQL URL such as `postgres://name:password@host:5432`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => Ok(Self(url)),
            // The text may hold a password: it is not repeated.
            _ => Err(Failure::environment(
                "DATABASE_URL is no PostgreSQL URL; write it as postgres://name:password@host:5432",
            )),
        }
    }

    /// The URL of a service's database, password included.
    pub fn database(&self, service: Service) -> String {
        let mut url = self.0.clone();
        url.set_path(service.name());
        url.to_string()
    }

    /// The URL of the message bus' database, password included.
    pub fn bus(&self) -> String {
        let mut url = self.0.clone();
        url.set_path(BUS);
        url.to_string()
    }

    /// Makes the databases of `services` that aren't there, and the message bus'.
    pub async fn create_missing(&self, services: impl Iterator<Item = Service>) -> Result<(), Failure> {
        let mut url = self.0.clone();
        if url.path().trim_matches('/').is_empty() {
            url.set_path("postgres");
        }
        let unreachable = |error: DatabaseError| self.unreachable(&chain(&error));
        let database = Database::connect(url.as_str(), DatabaseConfig::default()).await.map_err(unreachable)?;
        let client = database.bulk_connection().await.map_err(unreachable)?;
        for name in services.map(Service::name).chain([BUS]) {
            self.create(&client, name).await?;
        }
        Ok(())
    }

    async fn create(&self, client: &tokio_postgres::Client, name: &str) -> Result<(), Failure> {
        let failed = |error: tokio_postgres::Error| {
            let reason = chain(&error);
            Failure::environment(format!(
                "cannot create the database {name} on {}: {reason}; create it, or use a role that may",
                self.shown()
            ))
        };
        let found = client.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&name]).await.map_err(failed)?;
        if found.is_some() {
            return Ok(());
        }
        match client.batch_execute(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).await {
            // Another starter was faster.
            Err(error) if is_duplicate(&error) => Ok(()),
            outcome => outcome.map_err(failed),
        }
    }

    fn unreachable(&self, reason: &str) -> Failure {
        Failure::environment(format!(
            "cannot reach the database server {}: {reason}; check that it runs and that the URL is right",
            self.shown()
        ))
    }

    fn shown(&self) -> String {
        format!("{}:{}", self.0.host_str().unwrap_or("localhost"), self.0.port().unwrap_or(5432))
    }
}

fn is_duplicate(error: &tokio_postgres::Error) -> bool {
    // Two at the same time fail on the catalogue's unique index rather than on the name.
    matches!(error.code(), Some(code) if *code == SqlState::DUPLICATE_DATABASE || *code == SqlState::UNIQUE_VIOLATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_its_own_database_on_the_same_server() {
        let server = ServerUrl::parse("postgres://a:b@host:1/whatever?connect_timeout=3").unwrap();
        assert_eq!(server.database(Service::Users), "postgres://a:b@host:1/users?connect_timeout=3");
    }

    #[test]
    fn what_is_no_url_is_refused_without_repeating_it() {
        let failure = ServerUrl::parse("host=x password=geheim").map(|_| ()).unwrap_err().to_string();
        assert!(!failure.contains("geheim"), "{failure}");
    }
}
