//! `supergraph subgraph NAME`: one domain service over HTTP, or its schema.

use std::net::SocketAddr;
use std::time::Duration;

use gateway::config::Logs;
use kit::Metrics;

use crate::failure::Failure;
use crate::shop::config::ServicesFile;
use crate::shop::database_urls::DatabaseUrls;
use crate::shop::metrics::MetricsArguments;
use crate::shop::parts::Surroundings;
use crate::shop::peers::Peers;
use crate::shop::resources::Resources;
use crate::shop::traces::Traces;
use crate::shop::trust::{SigningKeys, Trust};
use crate::shop::{Service, own_database, reads, split};
use crate::{console, listen, logging, signals};

/// Requests in flight get this long when the process is told to stop; the router's default is the same.
const DRAIN: Duration = Duration::from_secs(3);

/// Arguments of `supergraph subgraph`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which service
    name: Service,
    /// Print the schema (federation SDL) and end
    #[arg(long)]
    print_schema: bool,
    /// Where to listen; port 0 takes a free port
    #[arg(long, default_value = "127.0.0.1:4001", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The service's own database [env: USERS_DATABASE_URL and the like, else DATABASE_URL]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Don't bring the database to the newest version at the start
    #[arg(long)]
    skip_migrations: bool,
    #[command(flatten)]
    trust: Trust,
    /// Let anyone read the schema, for composition in development; callers with a trusted key may read it in any case
    #[arg(long)]
    open_schema: bool,
    /// Where orders asks for prices, in place of the services' file
    #[arg(long, value_name = "URL")]
    catalogue_url: Option<url::Url>,
    #[command(flatten)]
    signing_keys: SigningKeys,
    #[command(flatten)]
    services: ServicesFile,
    #[command(flatten)]
    metrics: MetricsArguments,
}

/// Prints the schema, or serves until a signal.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    if arguments.print_schema {
        return console::print(&arguments.name.parts().sdl());
    }
    let config = arguments.services.read()?;
    config.check(arguments.name)?;
    logging::start(&Logs::default())?;
    let shutdown = signals::shutdown_token()?;
    let access = arguments.trust.access(arguments.open_schema)?;
    let listener = listen::bind(arguments.listen)?;
    let said = || DatabaseUrls::new(None, &config)?.of_process(arguments.name);
    let url = arguments.database_url.clone().map_or_else(said, Ok)?;
    let name = arguments.name.name();
    let traces = Traces::start(&config, name)?;
    let metrics = Metrics::new();
    let place = arguments.metrics.open(&metrics, &config.telemetry.metrics)?;
    let replicas = split::replica_urls(arguments.name, &config)?;
    let database = own_database::open_to_read(arguments.name, &url, &replicas, split::database_config(&config)).await?;
    let database = metrics.measured(name, "requests", database);
    if !arguments.skip_migrations {
        own_database::migrate(arguments.name, &database).await?;
    }
    let parts = arguments.name.parts();
    let routes = parts.routes(&database, &config, access.clone())?;
    let resources = Resources::open(arguments.name, database, &config).await?;
    let resources = resources.sharing(&reads::shared_tier(&config.cache, &metrics).await?);
    let moved = arguments.catalogue_url.as_ref().map(|url| (Service::Products, url));
    let peers = Peers::Elsewhere { config: &config, keys: &arguments.signing_keys, moved };
    let around = Surroundings { resources: &resources, config: &config, peers };
    let subgraph = parts.subgraph(around, access)?;
    if !arguments.trust.has_router() {
        tracing::warn!("no --trust-router key: every call of a router will be refused");
    }
    let beside = subgraph.beside().start();
    let served = subgraph.measured(metrics.service(name)).router().merge(routes);
    let served = place.serve(&format!("subgraph {name}"), listener, (served, DRAIN), shutdown).await;
    beside.stop().await;
    traces.end().await;
    served
}
