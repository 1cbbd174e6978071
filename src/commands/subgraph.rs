//! `supergraph subgraph NAME`: one domain service over HTTP, or its schema.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use gateway::config::Logs;
use kit::{Access, Metrics};
use orders::catalogue::{Catalogue, HttpCatalogue, HttpTransport};
use wire::identity::Signer;

use super::trust::{SigningKeys, Trust};
use crate::failure::{Failure, chain};
use crate::shop::config::{ServicesConfig, ServicesFile};
use crate::shop::metrics::MetricsArguments;
use crate::shop::resources::Resources;
use crate::shop::traces::Traces;
use crate::shop::{Service, services, split};
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
    let config = arguments.services.read()?;
    if arguments.print_schema {
        let catalogue = catalogue(&arguments, &config)?;
        let subgraph = services::subgraph(arguments.name, Resources::unconnected(), &catalogue, Access::closed());
        return console::print(subgraph.sdl());
    }
    logging::start(&Logs::default())?;
    let shutdown = signals::shutdown_token()?;
    let access = arguments.trust.access(arguments.open_schema)?;
    let listener = listen::bind(arguments.listen)?;
    let url = arguments.database_url.clone().map_or_else(|| split::database_url(arguments.name, &config), Ok)?;
    let name = arguments.name.name();
    let traces = Traces::start(&config, name)?;
    let metrics = Metrics::new();
    let place = arguments.metrics.open(&metrics, &config.telemetry.metrics)?;
    let database = services::open(arguments.name, &url, split::database_config(&config)).await?;
    let database = metrics.measured(name, "requests", database);
    if !arguments.skip_migrations {
        services::migrate(arguments.name, &database).await?;
    }
    let routes = services::routes(arguments.name, &database, &config, &access);
    let resources = Resources::open(arguments.name, database, &config).await?;
    let subgraph = services::subgraph(arguments.name, resources, &catalogue(&arguments, &config)?, access);
    if !arguments.trust.has_router() {
        tracing::warn!("no --trust-router key: every call of a router will be refused");
    }
    let served = subgraph.measured(metrics.service(name)).router().merge(routes);
    let served = place.serve(&format!("subgraph {name}"), listener, (served, DRAIN), shutdown).await;
    traces.end().await;
    served
}

/// Where orders asks for prices. Without a key of its own one of no use is taken, since nobody trusts it: prices are then refused, the
/// rest works.
fn catalogue(arguments: &Arguments, config: &ServicesConfig) -> Result<Arc<dyn Catalogue>, Failure> {
    let given = arguments.catalogue_url.clone();
    let url = given.map_or_else(|| split::graphql_url(config, Service::Products), Ok)?;
    let transport = HttpTransport::new(url).map_err(|error| Failure::environment(chain(&error)))?;
    let signer = match arguments.signing_keys.of(arguments.name)? {
        Some(signer) => signer,
        None => {
            if arguments.name == Service::Orders && !arguments.print_schema {
                tracing::warn!("no --signing-key: products will refuse to tell prices, and no order can be placed");
            }
            Signer::generate().map_err(Failure::environment)?
        }
    };
    Ok(Arc::new(HttpCatalogue::over(transport, Arc::new(signer))))
}
