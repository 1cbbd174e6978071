//! `supergraph dev`: GraphiQL over subgraphs that are being worked on. Without a compose file these are the shop's, all
//! in this process and with data; with one they are anybody's.

mod ground;
mod own_subgraphs;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use composition::SubgraphInput;
use gateway::config::{Config, Jwks, Override};
use gateway::{Gateway, InProcess, Sources as _};
use indexmap::IndexMap;
use tokio_util::sync::CancellationToken;
use wire::identity::{IDENTITY_HEADER, Identity, Signer};

use super::config;
use crate::calls::Calls;
use crate::compose::manifest::{self, Manifest, Schema};
use crate::failure::{Failure, chain};
use crate::listen::Reserved;
use crate::live::{Introduction, Live, Loaded, MakeEdition, Origin, Subgraphs};
use crate::machine::Machine;
use crate::shop::Service;
use crate::shop::config::ServicesConfig;
use crate::shop::in_process::in_process;
use crate::shop::keys::Keys;
use crate::shop::metrics::AmongRouters;
use crate::shop::objects::ServedFolder;
use crate::shop::open::{self, Shop};
use crate::shop::outside;
use crate::shop::seeding::SeedChoice;
use crate::shop::server_url::ServerUrl;
use crate::shop::tokens::{self, Tokens};
use crate::shop::traces::Traces;
use crate::{console, listen, live, logging, serving, signals};

/// So that draining and stopping PostgreSQL together stay under four seconds.
const DRAIN_MS_MAX: u64 = 2_000;
/// What is under way in the background then is finished in this time, or broken off, which costs nothing but doing it again.
const BACKGROUND_STOP_MAX: Duration = Duration::from_millis(700);
/// What GraphiQL starts with: one operation over several services.
const FIRST_QUERY: &str = include_str!("dev.graphql");

/// Arguments of `supergraph dev`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where to listen; port 0 takes a free port [default: 127.0.0.1:4000]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    ground: ground::GroundArguments,
    /// Demonstration data for empty databases
    #[arg(long, default_value = "small")]
    seed: SeedChoice,
    /// Serve GraphiQL with its files from this folder (npm's layout) rather than from a public CDN
    #[arg(long, value_name = "DIR")]
    graphiql_assets: Option<PathBuf>,
    /// A compose file: serve the subgraphs that it names rather than the shop, and follow their schemas
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A subgraph that is served elsewhere, asked for its schema and called there; may be given more than once. One of
    /// the shop's has to trust the key in keys/router.public.pem of the data folder
    #[arg(long, value_name = "NAME=URL")]
    subgraph_url: Vec<String>,
    /// The router's configuration file
    #[arg(long, value_name = "FILE")]
    router_config: Option<PathBuf>,
}

/// Serves until a signal.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let started = Instant::now();
    let flags: Vec<_> =
        arguments.listen.iter().map(|address| Override::new(["server", "listen"], address.to_string())).collect();
    let mut config = config::load(arguments.router_config.as_deref(), &flags)?;
    logging::start(&config.telemetry.logs)?;
    let shutdown = signals::shutdown_token()?;
    // The port first: that it is taken should be told before anything is started.
    let reserved = listen::reserve(config.server.listen)?;
    config.graphiql.assets =
        arguments.graphiql_assets.map(|folder| folder.display().to_string()).or(config.graphiql.assets);

    let urls = live::parse_urls(&arguments.subgraph_url)?;
    if let Some(path) = arguments.config {
        return own_subgraphs::run(path, urls, (config, reserved), shutdown).await;
    }
    // Unlike a compose file's, the shop's subgraphs stay as they are: waiting for another one would be in vain.
    live::check_names(&urls, &Service::all().map(Service::name).collect::<Vec<_>>())?;
    let mut ground = tokio::select! {
        opened = arguments.ground.open() => opened?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let (server, mut services) = (ground.place.server.clone(), ground.services.clone());
    let objects = ServedFolder::open(&mut services.objects, &ground.folder.path().join("objects"))?;
    outside::mails_to_files(&mut services.notifications, ground.folder.path().join("mails"));
    let traces = Traces::start(&services, "dev")?;
    let keys = Keys::read_or_make(&ground.folder)?;
    // Nothing ends with them.
    let links = async {
        objects.serve(shutdown.clone()).await;
        std::future::pending::<Infallible>().await
    };
    let outcome = tokio::select! {
        biased;
        outcome = serve((config, urls), reserved, (&server, &services), &keys, (arguments.seed, started), shutdown.clone()) => outcome,
        never = links => match never {},
        reason = ground.ended() => Err(Failure::environment(format!("{reason}; start again"))),
    };
    traces.end().await;
    ground.close().await;
    outcome
}

/// Opens the shop, says that it is ready, and serves it.
async fn serve(
    (config, urls): (Config, IndexMap<String, String>),
    reserved: Reserved,
    (server, services): (&ServerUrl, &ServicesConfig),
    keys: &Keys,
    (seed, started): (SeedChoice, Instant),
    shutdown: CancellationToken,
) -> Result<(), Failure> {
    let tokens = tokens::issue(&keys.clients)?;
    let (shop, background) = tokio::select! {
        opened = open::open(server, services, keys, seed) => opened?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let config = complete(config, keys, &tokens);
    let metrics = serving::bind_metrics(&config.telemetry.metrics)?;
    let told = shop.metrics.clone();
    let (gateway, live) = gateway(config, shop, (urls, keys.router.signer()?)).await?;
    let listener = reserved.listen()?;
    let background = background.start();
    background.monitors().into_iter().for_each(|monitor| told.watch_workers(monitor));
    let address = listener.local_addr().map_err(Failure::environment)?;
    console::print(&format!(
        "  GraphiQL       http://{address}/\n  customer       Authorization: Bearer {}\n  administrator  Authorization: Bearer {}\n",
        tokens.customer, tokens.administrator
    ))?;
    listen::announce("dev", &listener, Some(&format!("ready in {:.1} s", started.elapsed().as_secs_f64())))?;
    let following = async {
        match live {
            Some(live) => live.follow().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = serving::serve(&gateway, listener, metrics, shutdown) => {}
        () = following => {}
    }
    background.stop(BACKGROUND_STOP_MAX).await;
    Ok(())
}

/// What `dev` adds to the configuration for whatever it serves: the page, plans, a short end, and no names but its
/// own, since a foreign page could have its name lead here.
fn for_development(mut config: Config) -> Config {
    config.server.drain_timeout_ms = config.server.drain_timeout_ms.min(DRAIN_MS_MAX);
    config.errors.tell_all();
    if config.server.hosts.is_empty() {
        config.server.hosts = vec!["localhost".to_owned()];
    }
    config.graphiql.enabled = true;
    config.query_plans.enabled = true;
    config
}

/// What it adds for the shop, where the configuration leaves it open: its own keys, and a first operation.
fn complete(config: Config, keys: &Keys, tokens: &Tokens) -> Config {
    let mut config = for_development(config);
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

/// The gateway over the shop; the services' metrics are among its own. With services that are served
/// elsewhere, also what follows their schemas.
async fn gateway(
    config: Config,
    shop: Shop,
    (urls, signer): (IndexMap<String, String>, Signer),
) -> Result<(Gateway, Option<Live>), Failure> {
    let inputs = open::inputs(shop.subgraphs.values());
    let services: IndexMap<String, InProcess> = shop
        .subgraphs
        .into_iter()
        .filter(|(name, _)| !urls.contains_key(*name))
        .map(|(name, subgraph)| (name.to_owned(), in_process(subgraph)))
        .collect();
    let make = edition(config.clone(), Calls::new(services));
    let (gateway, live) = if urls.is_empty() {
        let gateway = Gateway::of(make(shop.supergraph)?, Arc::new(Machine));
        (gateway.map_err(|error| Failure::environment(chain(&error)))?, None)
    } else {
        let gateway = Gateway::waiting(config, Arc::new(Machine));
        // Until they tell their schemas, theirs are taken to be the shop's own.
        let elsewhere = |input: SubgraphInput| match urls.get(&input.name) {
            Some(url) => SubgraphInput { url: url.clone(), ..input },
            None => input,
        };
        let known = inputs.iter().cloned().map(elsewhere).collect();
        let subgraphs = Subgraphs::new(Origin::Given(Box::new(manifest(inputs))), urls, known);
        let subgraphs = subgraphs.introduced(introduction(signer));
        let mut live = Live::new(gateway.clone(), subgraphs, make);
        live.look().await;
        (gateway, Some(live))
    };
    gateway.register_metrics(Arc::new(AmongRouters(shop.metrics)));
    Ok((gateway, live))
}

/// Asks for schemas as the router, which the shop's services believe: they tell them to nobody else.
fn introduction(signer: Signer) -> Introduction {
    Box::new(move || {
        let token = signer.sign(&Identity::anonymous(), Machine.unix_seconds()).ok()?;
        Some((IDENTITY_HEADER.to_owned(), token))
    })
}

/// The shop's services as a compose file would name them.
fn manifest(inputs: Vec<SubgraphInput>) -> Manifest {
    let subgraph = |input: SubgraphInput| {
        let schema = Schema { sdl: Some(input.sdl), ..Schema::default() };
        (input.name, manifest::Subgraph { routing_url: Some(input.url), schema })
    };
    Manifest { subgraphs: inputs.into_iter().map(subgraph).collect(), ..Manifest::default() }
}

/// Makes what is served of a supergraph under one configuration. Each plan is proved before it is used: who develops
/// learns of a fault of planning before anybody else does.
fn edition(config: Config, calls: Calls) -> MakeEdition {
    Box::new(move |Loaded { supergraph, schemas }| Ok(calls.edition(config.clone(), supergraph)?.proving(schemas)))
}
