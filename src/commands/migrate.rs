//! `supergraph migrate`: brings the services' databases to the newest version, as a step of its own before a roll-out.

use gateway::config::Logs;
use kit::database::DatabaseConfig;

use super::database_server::DatabaseArguments;
use super::located::Located;
use crate::failure::Failure;
use crate::shop::config::ServicesFile;
use crate::shop::{Service, own_database};
use crate::{console, logging};

/// Arguments of `supergraph migrate`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    databases: DatabaseArguments,
    #[command(flatten)]
    services: ServicesFile,
}

/// Migrates one service after the other.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    logging::start(&Logs::default())?;
    let config = arguments.services.read()?;
    let services = Service::all().collect();
    let located = Located::of(services, &config, arguments.databases, DatabaseArguments::open).await?;
    let outcome = migrate(&located).await;
    located.close().await;
    outcome
}

async fn migrate(located: &Located) -> Result<(), Failure> {
    located.create_missing().await?;
    for (&service, url) in &located.urls {
        let database = own_database::open(service, url, DatabaseConfig::default()).await?;
        own_database::migrate(service, &database).await?;
        console::print(&format!("{} is up to date\n", service.name()))?;
    }
    Ok(())
}
