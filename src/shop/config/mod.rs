//! What the shop's services use of the world, in the split form: one YAML file for `supergraph subgraph` and `supergraph worker`.
//!
//! `${env.NAME}` and `${file.PATH}` in a value stand for an environment variable and for a file's text, so that the file itself holds no
//! secret. `dev` needs no file: what is left out is what it uses. What must not be left out elsewhere is found by
//! [`ServicesConfig::check`], and by who needs it.

mod cache;
mod catalogue;
mod databases;
mod objects;
mod outside;
mod references;
mod secret;
mod telemetry;

use std::path::{Path, PathBuf};

use gateway::config::yaml_error;
use notifications::NotificationsConfig;
use serde::Deserialize;
use serde_json::Value;

pub use cache::{CacheConfig, RedisConfig};
pub use catalogue::CatalogueConfig;
pub use databases::{BusConfig, DatabasesConfig};
pub use objects::ObjectsConfig;
pub use outside::{PaymentsConfig, PeersConfig};
pub use secret::Secret;
pub use telemetry::{MetricsConfig, TelemetryConfig};

use super::Service;
use crate::failure::Failure;

/// The file as a whole.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServicesConfig {
    /// Each service's own database.
    pub databases: DatabasesConfig,
    /// What caches of several processes share.
    pub cache: CacheConfig,
    /// Where products are.
    pub catalogue: CatalogueConfig,
    /// The message bus.
    pub bus: BusConfig,
    /// Where invoices and exports are.
    pub objects: ObjectsConfig,
    /// Where services ask each other.
    pub peers: PeersConfig,
    /// Who moves the money. It has no default but in `dev`: who forgot it would sell without any.
    pub payments: Option<PaymentsConfig>,
    /// How users are told.
    pub notifications: Option<NotificationsConfig>,
    /// What services tell of themselves.
    pub telemetry: TelemetryConfig,
}

impl ServicesConfig {
    /// Whether it says all that a process of its own must be told for this service.
    pub fn check(&self, service: Service) -> Result<(), Failure> {
        service.parts().check(self)
    }

    /// Who moves the money.
    pub fn payments(&self) -> Result<&PaymentsConfig, Failure> {
        let missing = || {
            let text = "the services' file (--services) doesn't say who moves the money: write `payments: test` for a provider that \
                only plays it, or `payments: { stripe: { url, secret_key, webhook_secrets } }`";
            Failure::Refused(text.to_owned())
        };
        self.payments.as_ref().ok_or_else(missing)
    }
}

/// The argument that names it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ServicesFile {
    /// The file that says what the services use: databases, bus, mail, payments
    #[arg(long = "services", env = "SUPERGRAPH_SERVICES", value_name = "FILE")]
    path: Option<PathBuf>,
}

impl ServicesFile {
    /// Reads it; without one all is as `dev` has it.
    pub fn read(&self) -> Result<ServicesConfig, Failure> {
        self.path.as_deref().map_or_else(|| Ok(ServicesConfig::default()), read)
    }
}

fn read(path: &Path) -> Result<ServicesConfig, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::path("read", path, &error, "name the services' file with --services"))?;
    parse(&text).map_err(|reason| Failure::Refused(format!("{}: {reason}", path.display())))
}

fn parse(text: &str) -> Result<ServicesConfig, String> {
    if text.trim().is_empty() {
        return Ok(ServicesConfig::default());
    }
    let options = serde_saphyr::options! { with_snippet: false };
    let mut value: Value =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| yaml_error::words(&error))?;
    references::resolve(&mut value)?;
    serde_json::from_value(value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_in_dev() {
        let config = parse("databases: { pool_size_max: 4 }").unwrap();
        assert!(matches!(config.bus, BusConfig::Postgres { url: None }));
        assert_eq!(config.databases.pool_size_max, 4);
    }

    #[test]
    fn who_moves_the_money_must_be_said() {
        let refused = parse("databases: { pool_size_max: 4 }").unwrap().check(Service::Payments).unwrap_err();
        assert!(matches!(&refused, Failure::Refused(text) if text.contains("`payments: test`")), "{refused}");
        let said = parse("payments: test").unwrap();
        assert!(matches!(said.payments(), Ok(PaymentsConfig::Test)) && said.check(Service::Payments).is_ok());
        assert!(ServicesConfig::default().check(Service::Orders).is_ok());
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        assert!(parse("mails: {}").unwrap_err().contains("mails"));
    }

    #[test]
    fn the_file_of_compose_is_one() {
        let text = include_str!("../../../deploy/compose/services.yaml");
        // With any value in the place of what compose.yml sets.
        let mut parts = text.split("${env.");
        let first = parts.next().unwrap().to_owned();
        let text = parts.fold(first, |text, part| text + "value" + part.split_once('}').unwrap().1);
        assert!(matches!(parse(&text).unwrap().bus, BusConfig::Pulsar { .. }));
    }
}
