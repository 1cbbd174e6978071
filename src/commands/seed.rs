//! `supergraph seed`: loads demonstration data into databases that are empty.

use gateway::config::Logs;
use kit::database::DatabaseConfig;

use crate::console;
use crate::failure::Failure;
use crate::logging;
use crate::shop::config::{ServicesConfig, ServicesFile};
use crate::shop::resources::Resources;
use crate::shop::seeding::{self, SeedChoice};
use crate::shop::server_url::ServerUrl;
use crate::shop::{Service, own_database};

use super::database_server::DatabaseArguments;

/// Arguments of `supergraph seed`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How much
    #[arg(default_value = "small")]
    size: SeedChoice,
    #[command(flatten)]
    databases: DatabaseArguments,
    #[command(flatten)]
    services: ServicesFile,
}

/// Migrates, then loads, one service after the other.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    logging::start(&Logs::default())?;
    let config = arguments.services.read()?;
    let place = arguments.databases.open().await?;
    let outcome = seed(&place.server, &config, arguments.size).await;
    place.close().await;
    outcome
}

async fn seed(server: &ServerUrl, config: &ServicesConfig, choice: SeedChoice) -> Result<(), Failure> {
    server.create_missing().await?;
    for service in Service::all() {
        let database = own_database::open(service, &server.database(service), DatabaseConfig::default()).await?;
        own_database::migrate(service, &database).await?;
        let Some(size) = choice.size() else { continue };
        let resources = Resources::open(service, database, config).await?;
        let report = match seeding::seed(service, &resources, size).await? {
            0 => format!("{} has data already; left as it is\n", service.name()),
            rows => format!("{}: {rows} rows\n", service.name()),
        };
        console::print(&report)?;
    }
    Ok(())
}
