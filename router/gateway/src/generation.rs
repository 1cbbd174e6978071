//! What requests are answered from. A reload makes a new one and swaps it in whole, so no request ever sees half of
//! each; the old one goes when its last request is done.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use federation::Supergraph;
use http::HeaderName;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::admission::{Admission, Bounds};
use crate::config::Config;
use crate::fetch::{Guards, NodesFetch, layered};
use crate::findings::Findings;
use crate::gateway::{Edition, forwarded};
use crate::graphiql::Graphiql;
use crate::http::csrf::CsrfRule;
use crate::http::hosts::Hosts;
use crate::identity::Authenticator;
use crate::pipeline::{Pipeline, Snapshot};
use crate::telemetry::client::ClientHeaderNames;
use crate::telemetry::metrics::Metrics;
use crate::{GatewayError, Sources};

/// What stays from one generation to the next.
pub(crate) struct Process {
    /// As it was at the start: what takes a restart stays so.
    pub config: Config,
    /// Why the subgraphs as they are now don't compose, for the page.
    pub findings: Arc<Findings>,
    pub metrics: Arc<Metrics>,
    pub sources: Arc<dyn Sources>,
    /// Cancels what is still running when the time to drain is over.
    pub stop: CancellationToken,
    pub draining: Arc<AtomicBool>,
    pub admission: Arc<Admission>,
}

/// One configuration over one supergraph, with the routes over it.
pub(crate) struct Generation {
    /// None while there is no supergraph yet.
    pub shared: Option<Arc<Shared>>,
    pub router: axum::Router,
    pub hosts: Hosts,
    /// Cancelled once another one serves.
    pub retired: CancellationToken,
}

/// What all requests of a generation share.
pub(crate) struct Shared {
    pub config: Config,
    pub pipeline: Arc<Pipeline>,
    pub guards: Guards,
    pub authenticator: Authenticator,
    pub metrics: Arc<Metrics>,
    pub clients: ClientHeaderNames,
    pub csrf: CsrfRule,
    pub graphiql: Option<Graphiql>,
    /// Headers that go into a request's context: those that any subgraph is sent.
    pub forward: Vec<HeaderName>,
    pub sources: Arc<dyn Sources>,
    pub admission: Arc<Admission>,
    pub bounds: Bounds,
    /// A permit for each byte that may be held of bodies which are arriving.
    pub bodies: Arc<Semaphore>,
    /// Cancels what is still running when the time to drain is over.
    pub stop: CancellationToken,
    pub draining: Arc<AtomicBool>,
    pub findings: Arc<Findings>,
    pub cors: Option<tower_http::cors::CorsLayer>,
}

impl Generation {
    /// Around what its requests share.
    pub fn of(shared: Shared) -> Self {
        let shared = Arc::new(shared);
        let router = crate::http::router(&shared);
        let hosts = Hosts::new(&shared.config.server.hosts);
        Self { shared: Some(shared), router, hosts, retired: CancellationToken::new() }
    }

    /// Without a supergraph: the page tells why, GraphQL is refused.
    pub fn waiting(process: &Arc<Process>) -> Self {
        let router = crate::http::waiting_router(process);
        let hosts = Hosts::new(&process.config.server.hosts);
        Self { shared: None, router, hosts, retired: CancellationToken::new() }
    }
}

impl Shared {
    /// Reads what the configuration names. What stays good of `previous` is taken over: keys already fetched, plans,
    /// what is known of subgraphs. Nothing of `previous` changes, nor do metrics: it may go on serving.
    pub fn new(process: &Process, edition: Edition, previous: Option<&Self>) -> Result<Self, GatewayError> {
        let Edition { config, supergraph, fetch, proof } = edition;
        let metrics = &process.metrics;
        let names = supergraph.subgraphs.iter().map(|subgraph| subgraph.name.clone()).collect();
        let guards = Guards::new(&config.subgraphs, names, metrics, previous.map(|previous| &previous.guards));
        let fetch = NodesFetch::around(layered(fetch, &config.subgraphs, &guards, metrics), &supergraph)?;
        let supergraph = if config.defer.enabled { deferring(supergraph) } else { supergraph };
        let snapshot = Snapshot { supergraph, fetch, proof };
        let planned = previous.map(|previous| previous.pipeline.as_ref());
        let pipeline = Pipeline::new(&config, snapshot, Arc::clone(metrics), process.stop.clone(), planned);
        let sources = Arc::clone(&process.sources);
        let known = previous.map(|previous| &previous.authenticator);
        Ok(Self {
            pipeline: Arc::new(pipeline),
            guards,
            authenticator: Authenticator::new(&config.identity, Arc::clone(&sources), known)?,
            clients: ClientHeaderNames::new(&config.client_headers)?,
            csrf: CsrfRule::new(&config.csrf)?,
            graphiql: Graphiql::new(&config, sources.as_ref())?,
            forward: forwarded(&config)?,
            cors: crate::http::cors::layer(&config.cors)?,
            admission: Arc::clone(&process.admission),
            bounds: Bounds::new(&config.limits),
            bodies: permits(
                config.limits.bodies_bytes_max,
                previous.map(|previous| (previous.config.limits.bodies_bytes_max, &previous.bodies)),
            ),
            stop: process.stop.clone(),
            draining: Arc::clone(&process.draining),
            findings: Arc::clone(&process.findings),
            metrics: Arc::clone(metrics),
            sources,
            config,
        })
    }
}

/// The supergraph with `@defer` in what clients see.
fn deferring(supergraph: Arc<Supergraph>) -> Arc<Supergraph> {
    let mut supergraph = Arc::unwrap_or_clone(supergraph);
    supergraph.api_schema = Arc::new(graphql::with_defer(&supergraph.api_schema));
    Arc::new(supergraph)
}

/// Permits up to a limit. While that stays, requests of the old generation count too.
fn permits(max: usize, previous: Option<(usize, &Arc<Semaphore>)>) -> Arc<Semaphore> {
    match previous {
        Some((known, permits)) if known == max => Arc::clone(permits),
        _ => Arc::new(Semaphore::new(max.min(Semaphore::MAX_PERMITS))),
    }
}
