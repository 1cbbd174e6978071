//! `supergraph router`: the router alone, over a composed supergraph that is watched.

mod inputs;
mod reload;
mod watch;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use gateway::Gateway;

use crate::failure::{Failure, chain};
use crate::machine::Machine;
use crate::{listen, live, logging, serving, signals};
use inputs::Inputs;
use watch::Watch;

/// Arguments of `supergraph router`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The supergraph schema, as `supergraph compose` writes it
    #[arg(long, value_name = "FILE")]
    supergraph: PathBuf,
    /// Where to listen; port 0 takes a free port [default: 127.0.0.1:4000]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Where a subgraph is served, in place of the supergraph's own URL; may be given more than once
    #[arg(long, value_name = "NAME=URL")]
    subgraph_url: Vec<String>,
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Serve GraphiQL with its files from this folder (npm's layout)
    #[arg(long, value_name = "DIR")]
    graphiql_assets: Option<PathBuf>,
}

/// Serves until a signal. What it serves follows its files.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    // First of all, since it would end the process: a reload may be asked for at any time.
    let hangups = signals::hangups()?;
    let urls = live::parse_urls(&arguments.subgraph_url)?;
    let inputs = Arc::new(Inputs::new(arguments, urls));
    // Before anything is read: what changes meanwhile must not be missed.
    let mut watch = Watch::new(inputs.own_files()).await;
    let config = inputs.config()?;
    logging::start(&config.telemetry.logs)?;
    let shutdown = signals::shutdown_token()?;
    let edition = inputs.edition(config)?;
    watch.set(inputs.files(&edition)).await;
    let listener = listen::bind(edition.config.server.listen)?;
    let metrics = serving::bind_metrics(&edition.config.telemetry.metrics)?;
    let gateway = Gateway::of(edition, Arc::new(Machine));
    let gateway = gateway.map_err(|error| Failure::environment(chain(&error)))?;
    listen::announce("router", &listener, None)?;
    tokio::select! {
        () = serving::serve(&gateway, listener, metrics, shutdown) => {}
        () = reload::keep_current(&gateway, inputs, watch, hangups) => {}
    }
    Ok(())
}
