//! What the shop's services use of the world, in the split form: one YAML file for `supergraph subgraph` and `supergraph worker`.
//!
//! `${env.NAME}` and `${file.PATH}` in a value stand for an environment variable and for a file's text, so that the file itself holds no
//! secret. `dev` needs no file: what is left out is what it uses.

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
    /// Who moves the money.
    pub payments: PaymentsConfig,
    /// How users are told.
    pub notifications: Option<NotificationsConfig>,
    /// What services tell of themselves.
    pub telemetry: TelemetryConfig,
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
