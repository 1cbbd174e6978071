//! `supergraph subgraph NAME`: one domain service over HTTP, or its schema.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gateway::config::Logs;
use kit::{Access, Database, SdlAccess, Subgraph};
use orders::catalogue::{HttpCatalogue, HttpTransport};
use wire::identity::{Issuer, PublicKey, Signer, TrustedKey, Verifier};

use crate::failure::{Failure, chain};
use crate::shop::{Service, services};
use crate::{console, listen, logging, serving, signals};

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
    /// The service's own database [env: USERS_DATABASE_URL, PRODUCTS_DATABASE_URL, ORDERS_DATABASE_URL, else DATABASE_URL]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Don't bring the database to the newest version at the start
    #[arg(long)]
    skip_migrations: bool,
    /// The router's public key in PEM (Ed25519); may be given more than once, for changing keys
    #[arg(long, value_name = "FILE", env = "SUPERGRAPH_TRUST_ROUTER", value_delimiter = ',')]
    trust_router: Vec<PathBuf>,
    /// A calling service's public key in PEM, as NAME=FILE; may be given more than once
    #[arg(long, value_name = "NAME=FILE", env = "SUPERGRAPH_TRUST_SERVICE", value_delimiter = ',')]
    trust_service: Vec<String>,
    /// Let anyone read the schema, for composition in development; callers with a trusted key may read it in any case
    #[arg(long)]
    open_schema: bool,
    /// Where orders asks for prices: the products subgraph
    #[arg(long, default_value = "http://127.0.0.1:4002/graphql", value_name = "URL")]
    catalogue_url: url::Url,
    /// The private key in PEM that signs orders' calls to products
    #[arg(long, value_name = "FILE", env = "SUPERGRAPH_SIGNING_KEY")]
    signing_key: Option<PathBuf>,
}

/// Prints the schema, or serves until a signal.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    if arguments.print_schema {
        let database = Database::unconnected();
        let subgraph = build(&arguments, database, Access::closed())?;
        return console::print(subgraph.sdl());
    }
    logging::start(&Logs::default())?;
    let shutdown = signals::shutdown_token()?;
    let access = access(&arguments)?;
    let listener = listen::bind(arguments.listen)?;
    let database = services::open(arguments.name, &database_url(&arguments)?).await?;
    if !arguments.skip_migrations {
        services::migrate(arguments.name, &database).await?;
    }
    let subgraph = build(&arguments, database, access)?;
    if arguments.trust_router.is_empty() {
        tracing::warn!("no --trust-router key: every call of a router will be refused");
    }
    listen::announce(&format!("subgraph {}", arguments.name.name()), &listener, None)?;
    serving::plain(listener, subgraph.router(), DRAIN, shutdown).await;
    Ok(())
}

fn build(arguments: &Arguments, database: Database, access: Access) -> Result<Subgraph, Failure> {
    Ok(match arguments.name {
        Service::Users => services::users(database, access),
        Service::Products => services::products(database, access),
        Service::Orders => {
            let transport = HttpTransport::new(arguments.catalogue_url.clone())
                .map_err(|error| Failure::environment(chain(&error)))?;
            let catalogue = HttpCatalogue::over(transport, Arc::new(signer(arguments)?));
            services::orders(database, Arc::new(catalogue), access)
        }
    })
}

/// The service's own key; without one a key of no use, since nobody trusts it: prices are then refused, the rest works.
fn signer(arguments: &Arguments) -> Result<Signer, Failure> {
    let Some(file) = &arguments.signing_key else {
        if !arguments.print_schema {
            tracing::warn!("no --signing-key: products will refuse to tell prices, and no order can be placed");
        }
        return Signer::generate().map_err(Failure::environment);
    };
    let pem = read(file)?;
    Signer::from_pem(&pem).map_err(|error| unusable(file, &error.to_string()))
}

fn access(arguments: &Arguments) -> Result<Access, Failure> {
    let mut trusted = Vec::new();
    for file in &arguments.trust_router {
        trusted.push(TrustedKey { public_key: public_key(file)?, issuer: Issuer::Router });
    }
    for entry in &arguments.trust_service {
        let (name, file) = entry.split_once('=').ok_or_else(|| {
            Failure::environment(format!(
                "--trust-service {entry} is no NAME=FILE; write it as orders=orders.public.pem"
            ))
        })?;
        trusted.push(TrustedKey { public_key: public_key(Path::new(file))?, issuer: Issuer::Service(name.to_owned()) });
    }
    let sdl_open = if arguments.open_schema { SdlAccess::Open } else { SdlAccess::Signed };
    Ok(Access { verifier: Some(Arc::new(Verifier::new(trusted))), sdl_open })
}

fn public_key(file: &Path) -> Result<PublicKey, Failure> {
    PublicKey::from_pem(&read(file)?).map_err(|error| unusable(file, &error.to_string()))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::path("read", file, &error, "name a key file in PEM"))
}

fn unusable(file: &Path, reason: &str) -> Failure {
    Failure::environment(format!("cannot use the key in {}: {reason}; give an Ed25519 key in PEM", file.display()))
}

fn database_url(arguments: &Arguments) -> Result<String, Failure> {
    let own = arguments.name.database_variable();
    let set = |name: &str| std::env::var(name).ok().filter(|url| !url.is_empty());
    arguments.database_url.clone().or_else(|| set(own)).or_else(|| set("DATABASE_URL")).ok_or_else(|| {
        Failure::environment(format!("{} has no database; set {own} or give --database-url", arguments.name.name()))
    })
}
