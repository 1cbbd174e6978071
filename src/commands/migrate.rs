//! `supergraph migrate`: brings the services' databases to the newest version, as a step of its own before a roll-out.

use gateway::config::Logs;
use kit::database::DatabaseConfig;

use crate::console;
use crate::failure::Failure;
use crate::logging;
use crate::shop::{Service, own_database};

use super::database_server::DatabaseArguments;

/// Arguments of `supergraph migrate`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    databases: DatabaseArguments,
}

/// Migrates one service after the other.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    logging::start(&Logs::default())?;
    let place = arguments.databases.open().await?;
    let outcome = migrate(&place.server).await;
    place.close().await;
    outcome
}

async fn migrate(server: &crate::shop::server_url::ServerUrl) -> Result<(), Failure> {
    server.create_missing().await?;
    for service in Service::all() {
        let database = own_database::open(service, &server.database(service), DatabaseConfig::default()).await?;
        own_database::migrate(service, &database).await?;
        console::print(&format!("{} is up to date\n", service.name()))?;
    }
    Ok(())
}
