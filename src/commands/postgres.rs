//! `supergraph postgres`: the embedded PostgreSQL alone, for tests and for a look into the data.

use std::path::PathBuf;

use gateway::config::Logs;

use crate::console;
use crate::data_folder::DataFolder;
use crate::failure::Failure;
use crate::postgres::{Server, Source};
use crate::{logging, signals};

/// Arguments of `supergraph postgres`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder that keeps the data [default: the platform's data folder]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where PostgreSQL's programs come from
    #[arg(long, env = "SUPERGRAPH_POSTGRES", default_value = "auto", value_name = "SOURCE")]
    postgres: Source,
    /// A setting of PostgreSQL, such as fsync=off; may be given more than once
    #[arg(short = 'c', value_name = "NAME=VALUE")]
    settings: Vec<String>,
}

/// Runs until a signal; the first line on stdout is the URL of the database `postgres`.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    logging::start(&Logs::default())?;
    let shutdown = signals::shutdown_token()?;
    let folder = DataFolder::open(arguments.data_dir)?;
    let mut server =
        Server::start(folder.path(), arguments.postgres, &arguments.settings).await.map_err(Failure::environment)?;
    console::print(&format!("{}\n", server.url("postgres")))?;
    tokio::select! {
        () = shutdown.cancelled() => {
            server.stop().await;
            Ok(())
        }
        reason = server.ended() => Err(Failure::environment(format!("PostgreSQL ended: {reason}"))),
    }
}
