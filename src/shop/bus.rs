//! The message bus that the shop's services publish on and consume from: Pulsar, or a PostgreSQL database of its own.

use std::sync::Arc;

use kit::Database;
use kit::database::DatabaseConfig;
use kit::log_bus::{LogBus, LogBusConfig};
use pulsar_bus::{PulsarBus, PulsarConfig};
use wire::bus::Bus;

use super::config::BusConfig;
use super::server_url::ServerUrl;
use crate::failure::{Failure, chain};

/// Connections of the bus' pool: publishing is done in batches, by few at a time.
const POOL_SIZE_MAX: u32 = 6;

/// An open bus.
#[derive(Clone)]
pub enum OpenBus {
    /// In PostgreSQL.
    Log(Arc<LogBus>),
    /// Pulsar.
    Pulsar(Arc<PulsarBus>),
}

impl OpenBus {
    /// Opens the configured one. `server` has the database `bus` of one that names none.
    pub async fn open(config: &BusConfig, server: Option<&ServerUrl>) -> Result<Self, Failure> {
        match config {
            BusConfig::Postgres { url } => {
                let url = url.as_ref().map(|url| url.expose().to_owned()).or_else(|| server.map(ServerUrl::bus));
                let url = url.ok_or_else(|| Failure::Refused("bus.postgres.url is missing".to_owned()))?;
                Self::in_postgres(&url).await
            }
            BusConfig::Pulsar { service_url, admin_url, token } => {
                let token = token.as_ref().map(|token| token.expose().to_owned());
                let config = PulsarConfig::new(service_url.clone(), admin_url.clone());
                let bus = PulsarBus::connect(config, token).await.map_err(|error| unusable(&error))?;
                Ok(Self::Pulsar(Arc::new(bus)))
            }
        }
    }

    /// Opens the bus in a database, whose tables are made if they aren't there.
    async fn in_postgres(url: &str) -> Result<Self, Failure> {
        let config = DatabaseConfig { pool_size_max: POOL_SIZE_MAX, ..DatabaseConfig::default() };
        let database = Database::connect(url, config).await.map_err(|error| unusable(&error))?;
        LogBus::migrate(&database).await.map_err(|error| unusable(&error))?;
        let bus = LogBus::open(database, LogBusConfig::default()).await.map_err(|error| unusable(&error))?;
        Ok(Self::Log(Arc::new(bus)))
    }

    /// What services use.
    pub fn bus(&self) -> Arc<dyn Bus> {
        match self {
            Self::Log(bus) => Arc::clone(bus) as Arc<dyn Bus>,
            Self::Pulsar(bus) => Arc::clone(bus) as Arc<dyn Bus>,
        }
    }

    /// Gives up what it has taken of topics, so that others have it at once.
    pub async fn close(&self) {
        if let Self::Log(bus) = self {
            bus.close().await;
        }
    }
}

fn unusable(error: &dyn std::error::Error) -> Failure {
    Failure::environment(format!(
        "cannot use the message bus: {}; check that it runs and that its URL is right",
        chain(error)
    ))
}
