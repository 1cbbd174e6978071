//! `supergraph worker`: what services do in the background, apart from serving: relays, consumers, sagas, read models, jobs.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use gateway::config::Logs;
use indexmap::IndexMap;
use kit::Metrics;
use kit::worker::Monitor;

use crate::failure::Failure;
use crate::shop::background::Background;
use crate::shop::bus::OpenBus;
use crate::shop::config::ServicesFile;
use crate::shop::database_urls::DatabaseUrls;
use crate::shop::metrics::MetricsArguments;
use crate::shop::peers::Peers;
use crate::shop::resources::Resources;
use crate::shop::traces::Traces;
use crate::shop::trust::SigningKeys;
use crate::shop::{Service, own_database, reads, split};
use crate::{listen, logging, signals};

/// Scrapes and health checks are answered at once.
const DRAIN: Duration = Duration::from_millis(500);
/// Whoever stops a worker waits longer than an attempt at a message may take (30 s); what isn't finished by then is done again by others.
const STOP_MAX: Duration = Duration::from_secs(40);

/// Arguments of `supergraph worker`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Whose work is done; all services' without any
    names: Vec<Service>,
    /// Where its health and metrics are told; port 0 takes a free port
    #[arg(long, default_value = "127.0.0.1:4100", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Don't bring the databases to the newest version at the start
    #[arg(long)]
    skip_migrations: bool,
    #[command(flatten)]
    services: ServicesFile,
    #[command(flatten)]
    metrics: MetricsArguments,
    #[command(flatten)]
    signing_keys: SigningKeys,
}

/// Works until a signal; what was begun is finished then.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    logging::start(&Logs::default())?;
    let shutdown = signals::shutdown_token()?;
    let listener = listen::bind(arguments.listen)?;
    let config = arguments.services.read()?;
    let names: Vec<Service> = if arguments.names.is_empty() { Service::all().collect() } else { arguments.names };
    names.iter().try_for_each(|&service| config.check(service))?;
    let traces = Traces::start(&config, "worker")?;
    let metrics = Metrics::new();
    let place = arguments.metrics.open(&metrics, &config.telemetry.metrics)?;
    let shared = reads::shared_tier(&config.cache, &metrics).await?;
    let mut resources = IndexMap::new();
    let urls = DatabaseUrls::new(None, &config)?;
    for service in names {
        let database = own_database::open(service, &urls.of_process(service)?, split::database_config(&config)).await?;
        if !arguments.skip_migrations {
            own_database::migrate(service, &database).await?;
        }
        let database = metrics.measured(service.name(), "work", database);
        let opened = Resources::open(service, database, &config).await?.sharing(&shared);
        opened.watch(service, &metrics);
        resources.insert(service, opened);
    }
    let bus = OpenBus::open(&config.bus, urls.server()).await?;
    let peers = Peers::Elsewhere { config: &config, keys: &arguments.signing_keys, moved: None };
    let background = Background::of(&resources, bus, &config, peers).await?.start();
    background.monitors().into_iter().for_each(|monitor| metrics.watch_workers(monitor));
    let served = place.serve("worker", listener, (health(background.monitors()), DRAIN), shutdown).await;
    background.stop(STOP_MAX).await;
    traces.end().await;
    served
}

/// Alive as long as it answers; ready while each of its tasks runs.
fn health(monitors: Vec<Monitor>) -> Router {
    let ready = move || {
        let is_running = monitors.iter().flat_map(Monitor::status).all(|task| task.running_since.is_some());
        async move { if is_running { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE } }
    };
    Router::new().route("/health/live", get(|| async { StatusCode::OK })).route("/health/ready", get(ready))
}
