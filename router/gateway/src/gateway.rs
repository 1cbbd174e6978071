//! The gateway as a whole: what a binary makes, wires and serves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use executor::Fetch;
use federation::Supergraph;
use http::HeaderName;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::config::Config;
use crate::fetch::MeasuredFetch;
use crate::graphiql::Graphiql;
use crate::http::csrf::CsrfRule;
use crate::http::{metrics_router, router, serve};
use crate::identity::Authenticator;
use crate::pipeline::{Pipeline, Snapshot};
use crate::telemetry::client::ClientHeaderNames;
use crate::telemetry::external::ExternalCounter;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::trace::TRACEPARENT;
use crate::{GatewayError, Sources, header_names};

/// A router, ready to be served.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
}

/// What all requests share.
pub(crate) struct Shared {
    pub config: Config,
    pub pipeline: Arc<Pipeline>,
    pub authenticator: Authenticator,
    pub metrics: Arc<Metrics>,
    pub clients: ClientHeaderNames,
    pub csrf: CsrfRule,
    pub graphiql: Option<Graphiql>,
    /// Headers that go into a request's context: those that any subgraph is sent.
    pub forward: Vec<HeaderName>,
    pub sources: Arc<dyn Sources>,
    pub concurrency: Semaphore,
    /// Cancels what is still running when the time to drain is over.
    pub stop: CancellationToken,
    pub draining: AtomicBool,
    cors: Option<tower_http::cors::CorsLayer>,
}

impl Gateway {
    /// Makes a gateway for a supergraph. Files and variables that the configuration names are read now.
    ///
    /// # Errors
    /// What the configuration names can't be read, or isn't what it should be.
    pub fn new(
        config: Config,
        supergraph: Arc<Supergraph>,
        fetch: Arc<dyn Fetch>,
        sources: Arc<dyn Sources>,
    ) -> Result<Self, GatewayError> {
        let metrics = Arc::new(Metrics::new(config.telemetry.metrics.clients_max));
        let names = supergraph.subgraphs.iter().map(|subgraph| subgraph.name.clone()).collect();
        let fetch = Arc::new(MeasuredFetch::new(fetch, Arc::clone(&metrics), names));
        let shared = Shared {
            pipeline: Arc::new(Pipeline::new(&config, Snapshot { supergraph, fetch }, Arc::clone(&metrics))),
            authenticator: Authenticator::new(&config.identity, Arc::clone(&sources))?,
            clients: ClientHeaderNames::new(&config.client_headers)?,
            csrf: CsrfRule::new(&config.csrf)?,
            graphiql: Graphiql::new(&config.graphiql, sources.as_ref())?,
            forward: forwarded(&config)?,
            cors: crate::http::cors::layer(&config.cors)?,
            concurrency: Semaphore::new(config.limits.concurrent_requests_max.min(Semaphore::MAX_PERMITS)),
            stop: CancellationToken::new(),
            draining: AtomicBool::new(false),
            metrics,
            sources,
            config,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Everything that clients are served: GraphQL, GraphiQL, health, and metrics unless they have an address of their own.
    pub fn router(&self) -> axum::Router {
        router(&self.shared, self.shared.cors.clone())
    }

    /// Metrics alone, for an address of their own.
    pub fn metrics_router(&self) -> axum::Router {
        metrics_router(&self.shared)
    }

    /// Adds a counter that is kept elsewhere in the process to the metrics.
    pub fn register_counter(&self, counter: ExternalCounter) {
        self.shared.metrics.register(Box::new(counter));
    }

    /// Serves until `shutdown`, then lets requests in flight finish for the configured time and cancels the rest.
    /// Returns once no connection is left.
    ///
    /// # Errors
    /// When the listener breaks.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> std::io::Result<()> {
        let server = &self.shared.config.server;
        let options = serve::Options {
            header_read_timeout: Duration::from_millis(server.header_read_timeout_ms),
            connections_max: server.connections_max as usize,
            drain: Duration::from_millis(server.drain_timeout_ms),
        };
        let draining = async {
            shutdown.cancelled().await;
            self.shared.draining.store(true, Ordering::Release);
        };
        let serving = serve::serve(listener, self.router(), options, shutdown.clone(), self.shared.stop.clone());
        let refreshing = self.shared.authenticator.refresh(shutdown.clone());
        let (served, (), ()) = tokio::join!(serving, refreshing, draining);
        served
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}

fn forwarded(config: &Config) -> Result<Vec<HeaderName>, GatewayError> {
    let mut names = header_names::parse_forwarded("headers.forward", &config.headers.forward)?;
    for (subgraph, own) in &config.subgraphs.by_name {
        let key = format!("subgraphs.by_name.{subgraph}.forward_headers");
        names.extend(header_names::parse_forwarded(&key, &own.forward_headers)?);
    }
    names.retain(|name| *name != TRACEPARENT);
    names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    names.dedup();
    Ok(names)
}

/// What is wrong with values that the configuration's schema can't check.
pub(crate) fn value_errors(config: &Config) -> Vec<GatewayError> {
    let urls = config.subgraphs.by_name.iter().map(|(name, own)| {
        own.url.as_deref().map_or(Ok(()), |url| endpoint_url(&format!("subgraphs.by_name.{name}.url"), url).map(drop))
    });
    let jwks = config
        .identity
        .jwt
        .jwks
        .iter()
        .map(|set| set.url.as_deref().map_or(Ok(()), |url| endpoint_url("identity.jwt.jwks.url", url).map(drop)));
    let parsed = [
        crate::http::cors::layer(&config.cors).map(drop),
        CsrfRule::new(&config.csrf).map(drop),
        ClientHeaderNames::new(&config.client_headers).map(drop),
        forwarded(config).map(drop),
    ];
    parsed.into_iter().chain(urls).chain(jwks).filter_map(Result::err).collect()
}

/// Parses an address that is called.
pub(crate) fn endpoint_url(key: &str, text: &str) -> Result<Url, GatewayError> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => {
            Err(GatewayError::Value { key: key.to_owned(), message: format!("\"{text}\" is not an http or https URL") })
        }
    }
}
