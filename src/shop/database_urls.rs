//! Where a service's database is: the one place that says it, whichever command asks. What is said first of these holds: a server on the
//! command line, which has all of them; the service's own variable (`USERS_DATABASE_URL` and the like); `databases.server` of the services'
//! file; `DATABASE_URL`.
//!
//! The last is the database itself to a process that runs the service, and a server of all of them to who works on several.

use super::Service;
use super::config::{Secret, ServicesConfig};
use super::server_url::ServerUrl;
use crate::failure::Failure;

/// What is taken where nothing else is said.
const LAST: &str = "DATABASE_URL";

/// See the module.
pub struct DatabaseUrls {
    /// The command line's server.
    told: Option<ServerUrl>,
    /// That of the services' file.
    configured: Option<ServerUrl>,
    /// What a variable says.
    environment: fn(&str) -> Option<String>,
}

impl DatabaseUrls {
    /// As the services' file and the environment have it, unless a server is `told` on the command line.
    pub fn new(told: Option<&str>, config: &ServicesConfig) -> Result<Self, Failure> {
        Self::with(told, config, set)
    }

    fn with(
        told: Option<&str>,
        config: &ServicesConfig,
        environment: fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let configured = config.databases.server.as_ref().map(Secret::expose);
        Ok(Self {
            told: told.map(ServerUrl::parse).transpose()?,
            configured: configured.map(ServerUrl::parse).transpose()?,
            environment,
        })
    }

    /// The server of those that aren't elsewhere, and of the message bus, if it is said before `DATABASE_URL`.
    pub fn server(&self) -> Option<&ServerUrl> {
        self.told.as_ref().or(self.configured.as_ref())
    }

    /// The URL of a service's database, password included, if it is said before `DATABASE_URL`.
    pub fn url(&self, service: Service) -> Option<String> {
        let own = if self.told.is_some() { None } else { (self.environment)(&service.database_variable()) };
        own.or_else(|| self.server().map(|server| server.database(service)))
    }

    /// The same for a process that runs the service.
    pub fn of_process(&self, service: Service) -> Result<String, Failure> {
        self.url(service).or_else(|| (self.environment)(LAST)).ok_or_else(|| {
            Failure::environment(format!(
                "{} has no database; set {}, or name it in the services' file",
                service.name(),
                service.database_variable()
            ))
        })
    }
}

/// The URL of the server of all databases, where nothing else is said.
pub fn last() -> Option<String> {
    set(LAST)
}

/// What a variable says; one that is set to nothing says nothing.
fn set(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|url| !url.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TOLD: Option<&str> = Some("postgres://told:1");

    fn file() -> ServicesConfig {
        serde_json::from_value(json!({ "databases": { "server": "postgres://file:2" } })).unwrap()
    }

    /// Users have a variable of their own.
    fn environment(variable: &str) -> Option<String> {
        match variable {
            "USERS_DATABASE_URL" => Some("postgres://own:3/accounts".to_owned()),
            "DATABASE_URL" => Some("postgres://last:4/one".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn what_is_said_first_holds() {
        let (file, nothing) = (file(), ServicesConfig::default());
        for (told, config, users, orders, process) in [
            (TOLD, &file, Some("told:1/users"), Some("told:1/orders"), "told:1/orders"),
            (TOLD, &nothing, Some("told:1/users"), Some("told:1/orders"), "told:1/orders"),
            (None, &file, Some("own:3/accounts"), Some("file:2/orders"), "file:2/orders"),
            (None, &nothing, Some("own:3/accounts"), None, "last:4/one"),
        ] {
            let urls = DatabaseUrls::with(told, config, environment).unwrap();
            let at = |place: &str| format!("postgres://{place}");
            assert_eq!(urls.url(Service::Users), users.map(at));
            assert_eq!(urls.url(Service::Orders), orders.map(at));
            assert_eq!(urls.of_process(Service::Orders).unwrap(), at(process));
        }
    }

    #[test]
    fn a_service_without_a_database_is_told_what_to_set() {
        let urls = DatabaseUrls::with(None, &ServicesConfig::default(), |_| None).unwrap();
        let failure = urls.of_process(Service::Stock).unwrap_err().to_string();
        assert!(failure.contains("STOCK_DATABASE_URL"), "{failure}");
    }
}
