//! `supergraph dev`: the whole platform in one process, with data and GraphiQL, for whoever wants to try or build on it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use gateway::config::{Config, Jwks, Override};
use gateway::{ExternalCounter, Gateway, GatewayError, RoutedFetch};
use tokio_util::sync::CancellationToken;

use super::config;
use super::databases::DatabaseArguments;
use crate::data_folder::DataFolder;
use crate::failure::{Failure, chain};
use crate::listen::Reserved;
use crate::machine::Machine;
use crate::postgres::Server;
use crate::shop::databases::ServerUrl;
use crate::shop::in_process::in_process;
use crate::shop::keys::Keys;
use crate::shop::open::{self, Shop};
use crate::shop::seeding::SeedChoice;
use crate::shop::tokens::{self, Tokens};
use crate::{console, listen, logging, serving, signals};

/// So that draining and stopping PostgreSQL together stay under four seconds.
const DRAIN_MS_MAX: u64 = 2_500;
/// What GraphiQL starts with: one operation over all three services.
const FIRST_QUERY: &str = include_str!("dev.graphql");

/// Arguments of `supergraph dev`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where to listen; port 0 takes a free port [default: 127.0.0.1:4000]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    databases: DatabaseArguments,
    /// Demonstration data for empty databases
    #[arg(long, default_value = "small")]
    seed: SeedChoice,
    /// Serve GraphiQL with its files from this folder (npm's layout) rather than from a public CDN
    #[arg(long, value_name = "DIR")]
    graphiql_assets: Option<PathBuf>,
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Serves until a signal.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let started = Instant::now();
    let flags: Vec<_> =
        arguments.listen.iter().map(|address| Override::new(["server", "listen"], address.to_string())).collect();
    let mut config = config::load(arguments.config.as_deref(), &flags)?;
    logging::start(&config.telemetry.logs)?;
    let shutdown = signals::shutdown_token()?;
    // The port first: that it is taken should be told before anything is started.
    let reserved = listen::reserve(config.server.listen)?;
    config.graphiql.assets =
        arguments.graphiql_assets.map(|folder| folder.display().to_string()).or(config.graphiql.assets);

    let (mut place, folder) = tokio::select! {
        opened = arguments.databases.open_with_folder() => opened?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let outcome = tokio::select! {
        biased;
        outcome = serve(config, reserved, (&place.server, &folder), arguments.seed, started, shutdown.clone()) => outcome,
        reason = ended(&mut place.embedded) => Err(Failure::environment(format!("PostgreSQL ended: {reason}; start again"))),
    };
    place.close().await;
    outcome
}

/// Opens the shop, says that it is ready, and serves it.
async fn serve(
    config: Config,
    reserved: Reserved,
    (server, folder): (&ServerUrl, &DataFolder),
    seed: SeedChoice,
    started: Instant,
    shutdown: CancellationToken,
) -> Result<(), Failure> {
    let keys = Keys::read_or_make(folder)?;
    let tokens = tokens::issue(&keys.clients)?;
    let shop = tokio::select! {
        opened = open::open(server, &keys, seed) => opened?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let config = complete(config, &keys, &tokens);
    let metrics = serving::bind_metrics(&config.telemetry.metrics)?;
    let gateway = gateway(config, shop)?;
    let listener = reserved.listen()?;
    let address = listener.local_addr().map_err(Failure::environment)?;
    console::print(&format!(
        "  GraphiQL       http://{address}/\n  customer       Authorization: Bearer {}\n  administrator  Authorization: Bearer {}\n",
        tokens.customer, tokens.administrator
    ))?;
    listen::announce("dev", &listener, Some(&format!("ready in {:.1} s", started.elapsed().as_secs_f64())))?;
    serving::serve(&gateway, listener, metrics, shutdown).await
}

/// What `dev` adds to the configuration, where that leaves it open: its own keys, and GraphiQL.
fn complete(mut config: Config, keys: &Keys, tokens: &Tokens) -> Config {
    config.server.drain_timeout_ms = config.server.drain_timeout_ms.min(DRAIN_MS_MAX);
    config.errors.tell_all();
    config.graphiql.enabled = true;
    config.query_plans.enabled = true;
    if config.graphiql.query.is_empty() {
        config.graphiql.query = FIRST_QUERY.to_owned();
    }
    let jwt = &mut config.identity.jwt;
    if jwt.jwks.is_empty() {
        jwt.jwks = vec![Jwks { file: Some(keys.clients_jwks_file.display().to_string()), url: None }];
        jwt.issuers = vec![tokens::ISSUER.to_owned()];
        jwt.audiences = vec![tokens::AUDIENCE.to_owned()];
        config
            .graphiql
            .headers
            .entry("Authorization".to_owned())
            .or_insert_with(|| format!("Bearer {}", tokens.customer));
    }
    // The subgraphs in this process believe this key and no other.
    config.identity.signing_key.file = Some(keys.router.private_file.display().to_string());
    config.identity.signing_key.environment = None;
    config
}

/// The gateway over the shop; each service's SQL statements are among its metrics.
fn gateway(config: Config, shop: Shop) -> Result<Gateway, Failure> {
    let failed = |error: GatewayError| Failure::environment(chain(&error));
    let services = shop.subgraphs.into_iter().map(|(name, subgraph)| (name.to_owned(), in_process(subgraph)));
    let fetch = RoutedFetch::new(&config, &shop.supergraph, services.collect()).map_err(failed)?;
    let gateway = Gateway::new(config, shop.supergraph, Arc::new(fetch), Arc::new(Machine)).map_err(failed)?;
    gateway.register_counter(ExternalCounter {
        name: "db_client_statements",
        help: "SQL statements executed",
        label: "service",
        values: shop
            .databases
            .into_iter()
            .map(|(name, database)| (name.to_owned(), Arc::new(move || database.statements_executed()) as Arc<_>))
            .collect(),
    });
    Ok(gateway)
}

/// Waits for the embedded server's unasked-for end; for ever if there is none.
async fn ended(server: &mut Option<Server>) -> String {
    match server {
        Some(server) => server.ended().await,
        None => std::future::pending().await,
    }
}
