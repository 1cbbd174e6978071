//! Sends each call where its subgraph is: into the process or over HTTP. Time limits are the same.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::Supergraph;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use indexmap::IndexMap;

use super::endpoint::{CommonHeaders, Endpoint};
use super::{InProcess, http};
use crate::config::{Config, Http2, Subgraphs};
use crate::{GatewayError, header_names};

/// Between two signs of life asked of a connection of HTTP/2, and how long the answer may take.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// The fetch that production and development use.
pub struct RoutedFetch {
    /// By subgraph id.
    routes: Vec<Route>,
    clients: Arc<Clients>,
}

/// One client a protocol, as each keeps connections of its own.
struct Clients {
    negotiating: reqwest::Client,
    http2: reqwest::Client,
    /// What they were made with.
    settings: ClientSettings,
}

/// What of the configuration a client is made with: times to connect and to rest, and connections that rest.
type ClientSettings = (u64, u64, usize);

#[derive(Debug)]
struct Route {
    endpoint: Endpoint,
    in_process: Option<InProcess>,
}

impl RoutedFetch {
    /// For the subgraphs of a supergraph, by the configuration. Those named in `in_process` are called there.
    ///
    /// # Errors
    /// A URL or header name that is none.
    pub fn new(
        config: &Config,
        supergraph: &Supergraph,
        mut in_process: IndexMap<String, InProcess>,
    ) -> Result<Self, GatewayError> {
        check_names(config, supergraph)?;
        let common = CommonHeaders {
            forward: header_names::parse_forwarded("headers.forward", &config.headers.forward)?,
            set: header_names::parse_set("headers.set", &config.headers.set)?,
        };
        let routes = supergraph.subgraphs.iter().map(|subgraph| {
            let endpoint = Endpoint::new(subgraph, &config.subgraphs, &common)?;
            Ok(Route { endpoint, in_process: in_process.swap_remove(&subgraph.name) })
        });
        Ok(Self {
            routes: routes.collect::<Result<_, GatewayError>>()?,
            clients: Arc::new(Clients::new(&config.subgraphs)?),
        })
    }

    /// Goes on with the connections of `previous`, if they would be made alike.
    #[must_use]
    pub fn continuing(mut self, previous: &Self) -> Self {
        if self.clients.settings == previous.clients.settings {
            self.clients = Arc::clone(&previous.clients);
        }
        self
    }

    async fn call(&self, request: SubgraphRequest, context: &RequestContext) -> Result<Bytes, FetchError> {
        let route = self.routes.get(usize::from(request.subgraph.0));
        let route = route.ok_or_else(|| FetchError::NoRoute("there is no such subgraph".to_owned()))?;
        let answer = async {
            match &route.in_process {
                Some(in_process) => in_process.call(&route.endpoint, request.body, context).await,
                None => http::call(self.clients.of(&route.endpoint), &route.endpoint, request.body, context).await,
            }
        };
        let answer = tokio::time::timeout(route.endpoint.timeout, answer).await.unwrap_or(Err(FetchError::Timeout))?;
        if is_whole_object(&answer) {
            Ok(answer)
        } else {
            Err(FetchError::Malformed("it is no JSON object".to_owned()))
        }
    }
}

impl Fetch for RoutedFetch {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        async move {
            let body = self.call(request, context).await?;
            Ok(stream::once(std::future::ready(Ok(body))).boxed())
        }
        .boxed()
    }
}

/// Whether an answer begins and ends as an object does. Who reads it finds out the rest; lists, and answers that were cut off,
/// are faults of the subgraph already to whoever counts them.
fn is_whole_object(answer: &[u8]) -> bool {
    let text = answer.trim_ascii();
    text.starts_with(b"{") && text.ends_with(b"}")
}

/// Settings for a subgraph that isn't there are a slip of the pen.
fn check_names(config: &Config, supergraph: &Supergraph) -> Result<(), GatewayError> {
    let names = || supergraph.subgraphs.iter().map(|subgraph| subgraph.name.as_str());
    let Some(unknown) = config.subgraphs.by_name.keys().find(|key| !names().any(|name| name == key.as_str())) else {
        return Ok(());
    };
    let all = names().collect::<Vec<_>>().join(", ");
    let key = format!("subgraphs.by_name.{unknown}");
    Err(GatewayError::Value { key, message: format!("the supergraph has no such subgraph, only {all}") })
}

impl Clients {
    fn new(config: &Subgraphs) -> Result<Self, GatewayError> {
        let build = |builder: reqwest::ClientBuilder| builder.build().map_err(GatewayError::HttpClient);
        let negotiating = build(client(config))?;
        let http2 = build(client(config).http2_prior_knowledge())?;
        let settings = (config.connect_timeout_ms, config.idle_timeout_ms, config.idle_connections_max);
        Ok(Self { negotiating, http2, settings })
    }

    fn of(&self, endpoint: &Endpoint) -> &reqwest::Client {
        match endpoint.http2 {
            Http2::Negotiated => &self.negotiating,
            Http2::PriorKnowledge => &self.http2,
        }
    }
}

fn client(config: &Subgraphs) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        // A redirect would carry the caller's identity to a place that nobody configured.
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
        .pool_max_idle_per_host(config.idle_connections_max)
        .pool_idle_timeout(Duration::from_millis(config.idle_timeout_ms))
        // A connection of HTTP/2 that says nothing more must not take calls for ever.
        .http2_keep_alive_interval(KEEP_ALIVE)
        .http2_keep_alive_timeout(KEEP_ALIVE)
        .tcp_nodelay(true)
}
