//! `supergraph router`: the router alone, over a composed supergraph that is watched.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use federation::Supergraph;
use gateway::config::{Config, Override};
use gateway::{Edition, Gateway};

use super::{config, supergraph_file};
use crate::calls::Calls;
use crate::failure::{Failure, chain};
use crate::machine::Machine;
use crate::reload::watch::Watch;
use crate::reload::{self, Read as _};
use crate::{listen, logging, serving, signals};

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
    let inputs = Arc::new(Inputs { arguments, calls: Calls::default() });
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
        served = serving::serve(&gateway, listener, metrics, shutdown) => served,
        ended = reload::keep_current(&gateway, inputs, watch) => ended,
    }
}

/// What the router is made of, to be read at the start and again at each reload.
struct Inputs {
    arguments: Arguments,
    calls: Calls,
}

impl Inputs {
    fn config(&self) -> Result<Config, Failure> {
        let arguments = &self.arguments;
        let listen = arguments.listen.iter();
        let flags: Vec<_> = listen.map(|address| Override::new(["server", "listen"], address.to_string())).collect();
        let mut config = config::load(arguments.config.as_deref(), &flags)?;
        if let Some(folder) = &arguments.graphiql_assets {
            config.graphiql.enabled = true;
            config.graphiql.assets = Some(folder.display().to_string());
        }
        Ok(config)
    }

    fn edition(&self, mut config: Config) -> Result<Edition, Failure> {
        let supergraph = supergraph_file::read(&self.arguments.supergraph)?;
        set_urls(&mut config, &supergraph, &self.arguments.subgraph_url)?;
        self.calls.edition(config, supergraph)
    }

    /// The files that it was started with.
    fn own_files(&self) -> Vec<PathBuf> {
        self.arguments.config.iter().chain([&self.arguments.supergraph]).cloned().collect()
    }
}

impl reload::Read for Inputs {
    fn read(&self) -> Result<Edition, Failure> {
        self.edition(self.config()?)
    }

    fn files(&self, edition: &Edition) -> Vec<PathBuf> {
        self.own_files().into_iter().chain(edition.config.files().into_iter().map(PathBuf::from)).collect()
    }
}

/// Takes the flags' URLs over; a name that the supergraph lacks is refused, it could only be a slip.
fn set_urls(config: &mut Config, supergraph: &Supergraph, flags: &[String]) -> Result<(), Failure> {
    for flag in flags {
        let known = |name: &str| supergraph.subgraphs.iter().any(|subgraph| subgraph.name == name);
        let names =
            || supergraph.subgraphs.iter().map(|subgraph| subgraph.name.as_str()).collect::<Vec<_>>().join(", ");
        let (name, url) = flag.split_once('=').ok_or_else(|| {
            Failure::environment(format!(
                "--subgraph-url {flag} is no NAME=URL; write it as users=http://127.0.0.1:4001/graphql"
            ))
        })?;
        if !known(name) {
            return Err(Failure::environment(format!(
                "--subgraph-url names {name}, and the supergraph has {}; correct the name",
                names()
            )));
        }
        config.subgraphs.by_name.entry(name.to_owned()).or_default().url = Some(url.to_owned());
    }
    Ok(())
}
