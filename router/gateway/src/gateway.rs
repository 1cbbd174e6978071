//! The gateway as a whole: what a binary makes, wires and serves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use executor::Fetch;
use federation::Supergraph;
use graphql::{Schema, Valid};
use http::HeaderName;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use url::Url;

use crate::admission::{Admission, Bounds};
use crate::config::Config;
use crate::fetch::READ_AFTER;
use crate::generation::{Generation, Process, Shared};
use crate::http::csrf::CsrfRule;
use crate::http::{Door, metrics_router, serve};
use crate::telemetry::client::ClientHeaderNames;
use crate::telemetry::external::ExternalMetrics;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::trace::{TRACEPARENT, TRACESTATE};
use crate::{GatewayError, Sources, header_names};

/// A router, ready to be served.
#[derive(Clone)]
pub struct Gateway {
    pub(crate) process: Arc<Process>,
    /// What requests are answered from; each takes it once and keeps it.
    pub(crate) current: Arc<ArcSwap<Generation>>,
}

/// What a gateway serves: a configuration, a supergraph, and the way to its subgraphs.
#[derive(Clone)]
pub struct Edition {
    /// The configuration.
    pub config: Config,
    /// The supergraph.
    pub supergraph: Arc<Supergraph>,
    /// How its subgraphs are called.
    pub fetch: Arc<dyn Fetch>,
    /// The subgraphs' schemas by id, if each plan is to be proved right before it is used.
    pub proof: Option<Arc<[Valid<Schema>]>>,
}

impl Edition {
    /// One whose plans are believed.
    pub fn new(config: Config, supergraph: Arc<Supergraph>, fetch: Arc<dyn Fetch>) -> Self {
        Self { config, supergraph, fetch, proof: None }
    }

    /// The same with each plan proved before it is used, by the subgraphs' schemas
    /// ([`Supergraph::subgraph_schemas`]). An operation whose plan isn't sound is refused with `PLAN_UNSOUND`.
    #[must_use]
    pub fn proving(self, schemas: Vec<Valid<Schema>>) -> Self {
        Self { proof: Some(schemas.into()), ..self }
    }
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
        Self::of(Edition::new(config, supergraph, fetch), sources)
    }

    /// Makes a gateway for an edition.
    ///
    /// # Errors
    /// As [`Gateway::new`].
    pub fn of(edition: Edition, sources: Arc<dyn Sources>) -> Result<Self, GatewayError> {
        let process = process(edition.config.clone(), sources);
        let shared = Shared::new(&process, edition, None)?;
        shared.guards.serve(&process.metrics, None);
        process.metrics.serves(shared.pipeline.supergraph().hash);
        Ok(Self { process, current: Arc::new(ArcSwap::from_pointee(Generation::of(shared))) })
    }

    /// Makes a gateway that has no supergraph yet: the page tells the findings, GraphQL is refused until
    /// [`Gateway::reload`].
    pub fn waiting(config: Config, sources: Arc<dyn Sources>) -> Self {
        let process = process(config, sources);
        let generation = Generation::waiting(&process);
        Self { process, current: Arc::new(ArcSwap::from_pointee(generation)) }
    }

    /// Says on the page why the newest version of the subgraphs isn't served; `None` once it is.
    pub fn tell_findings(&self, text: Option<String>) {
        self.process.findings.set(text);
    }

    /// Everything that clients are served: GraphQL, GraphiQL, health, and metrics unless they have an address of their own.
    pub fn router(&self) -> axum::Router {
        axum::Router::new().fallback_service(self.door())
    }

    fn door(&self) -> Door {
        Door(Arc::clone(&self.current))
    }

    /// Metrics alone, for an address of their own.
    pub fn metrics_router(&self) -> axum::Router {
        metrics_router(Arc::clone(&self.process))
    }

    /// Adds metrics that are kept elsewhere in the process.
    pub fn register_metrics(&self, metrics: Arc<dyn ExternalMetrics>) {
        self.process.metrics.register(metrics);
    }

    /// Serves until `shutdown`, then lets requests in flight finish for the configured time and cancels the rest.
    /// Returns once no connection is left.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) {
        let server = &self.process.config.server;
        let options = serve::Options {
            header_read_timeout: Duration::from_millis(server.header_read_timeout_ms),
            write_timeout: Duration::from_millis(server.write_timeout_ms),
            connections_max: server.connections_max as usize,
            drain: Duration::from_millis(server.drain_timeout_ms),
        };
        let draining = async {
            shutdown.cancelled().await;
            self.process.draining.store(true, Ordering::Release);
        };
        let serving = serve::serve(listener, self.door(), options, shutdown.clone(), self.process.stop.clone());
        // A task of its own: on the threads that do the work, since it finds out how long that waits there.
        let _adapting = AbortOnDropHandle::new(tokio::spawn(self.clone().adapt_admission()));
        tokio::join!(serving, self.refresh_keys(&shutdown), draining);
    }

    /// Lets in as many requests as can be worked on in time, by the limits of whichever generation serves.
    async fn adapt_admission(self) {
        let bounds = || match &self.current.load().shared {
            Some(shared) => shared.bounds,
            None => Bounds::new(&self.process.config.limits),
        };
        self.process.admission.adapt(bounds).await;
    }

    /// Keeps the key sets of whichever generation serves fresh.
    async fn refresh_keys(&self, shutdown: &CancellationToken) {
        while !shutdown.is_cancelled() {
            let generation = self.current.load_full();
            let until_retired = async {
                if let Some(shared) = &generation.shared {
                    shared.authenticator.refresh(shutdown.clone()).await;
                }
                shutdown.cancelled().await;
            };
            generation.retired.run_until_cancelled(until_retired).await;
        }
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}

fn process(config: Config, sources: Arc<dyn Sources>) -> Arc<Process> {
    Arc::new(Process {
        metrics: Arc::new(Metrics::new(&config.telemetry.metrics)),
        sources,
        stop: CancellationToken::new(),
        draining: Arc::new(AtomicBool::new(false)),
        findings: Arc::default(),
        admission: Arc::new(Admission::new()),
        config,
    })
}

pub(crate) fn forwarded(config: &Config) -> Result<Vec<HeaderName>, GatewayError> {
    let mut names = header_names::parse_forwarded("headers.forward", &config.headers.forward)?;
    for (subgraph, own) in &config.subgraphs.by_name {
        let key = format!("subgraphs.by_name.{subgraph}.forward_headers");
        names.extend(header_names::parse_forwarded(&key, &own.forward_headers)?);
    }
    names.extend(config.headers.read_after.then_some(READ_AFTER));
    names.retain(|name| *name != TRACEPARENT && *name != TRACESTATE);
    names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    names.dedup();
    Ok(names)
}

/// What is wrong with values that the configuration's schema can't check.
pub(crate) fn value_errors(config: &Config) -> Vec<GatewayError> {
    let urls = config.subgraphs.by_name.iter().map(|(name, own)| {
        own.url.as_deref().map_or(Ok(()), |url| endpoint_url(&format!("subgraphs.by_name.{name}.url"), url).map(drop))
    });
    let jwks = config.identity.jwt.jwks.iter().enumerate().map(|(index, set)| {
        let key = format!("identity.jwt.jwks[{index}].url");
        set.url.as_deref().map_or(Ok(()), |url| endpoint_url(&key, url).map(drop))
    });
    let parsed = [
        crate::http::cors::layer(&config.cors).map(drop),
        CsrfRule::new(&config.csrf).map(drop),
        ClientHeaderNames::new(&config.client_headers).map(drop),
        forwarded(config).map(drop),
        header_names::parse_set("headers.set", &config.headers.set).map(drop),
    ];
    let set = config.subgraphs.by_name.iter().map(|(name, own)| {
        header_names::parse_set(&format!("subgraphs.by_name.{name}.set_headers"), &own.set_headers).map(drop)
    });
    parsed.into_iter().chain(urls).chain(jwks).chain(set).filter_map(Result::err).collect()
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
