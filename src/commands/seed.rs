//! `supergraph seed`: loads demonstration data into databases that are empty.

use gateway::config::Logs;
use kit::database::DatabaseConfig;

use super::database_server::DatabaseArguments;
use super::located::Located;
use crate::failure::Failure;
use crate::shop::config::{ServicesConfig, ServicesFile};
use crate::shop::resources::Resources;
use crate::shop::seeding::{self, SeedChoice};
use crate::shop::{Service, own_database};
use crate::{console, logging};

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
    let services = Service::all().collect();
    let located = Located::of(services, &config, arguments.databases, DatabaseArguments::open).await?;
    let outcome = seed(&located, &config, arguments.size).await;
    located.close().await;
    outcome
}

async fn seed(located: &Located, config: &ServicesConfig, choice: SeedChoice) -> Result<(), Failure> {
    located.create_missing().await?;
    for (&service, url) in &located.urls {
        let database = own_database::open(service, url, DatabaseConfig::default()).await?;
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
