//! Sends each call where its subgraph is: into the process or over HTTP. Time limits are the same.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::Supergraph;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use indexmap::IndexMap;
use rustls::ClientConfig;

use super::client::{Client, Rules, Trust};
use super::endpoint::{Address, CommonHeaders, Endpoint};
use super::{InProcess, http};
use crate::config::{Config, Http2, Subgraphs};
use crate::{GatewayError, header_names};

/// The fetch that production and development use.
pub struct RoutedFetch {
    /// By subgraph id.
    routes: Vec<Route>,
}

struct Route {
    endpoint: Endpoint,
    way: Way,
}

/// Where calls go.
enum Way {
    InProcess(InProcess),
    Http(http::Way),
    /// It has no address: the calls fail, the router serves the rest.
    Nowhere,
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
            read_after: config.headers.read_after,
        };
        let rules = Rules::from(&config.subgraphs);
        // Read when the first address needs it.
        let mut trust = None;
        let routes = supergraph.subgraphs.iter().map(|subgraph| {
            let (endpoint, address) = Endpoint::new(subgraph, &config.subgraphs, &common)?;
            let way = match (in_process.swap_remove(&subgraph.name), address) {
                (Some(in_process), _) => Way::InProcess(in_process),
                (None, Some(Address { target, headers })) => {
                    let tls = if target.is_encrypted() { Some(offering(&mut trust, endpoint.http2)?) } else { None };
                    let client = Arc::new(Client::new(target, endpoint.http2, rules, tls));
                    Way::Http(http::Way { client, headers })
                }
                (None, None) => Way::Nowhere,
            };
            Ok(Route { endpoint, way })
        });
        Ok(Self { routes: routes.collect::<Result<_, GatewayError>>()? })
    }

    /// Goes on with the connections of `previous` that would be made alike.
    #[must_use]
    pub fn continuing(mut self, previous: &Self) -> Self {
        let known: Vec<_> = previous.routes.iter().filter_map(Route::client).collect();
        for route in &mut self.routes {
            if let Way::Http(way) = &mut route.way
                && let Some(known) = known.iter().find(|known| known.is_like(&way.client))
            {
                way.client = Arc::clone(known);
            }
        }
        self
    }

    async fn call(&self, request: SubgraphRequest, context: &RequestContext) -> Result<Bytes, FetchError> {
        let route = self.routes.get(usize::from(request.subgraph.0));
        let route = route.ok_or_else(|| FetchError::NoRoute("there is no such subgraph".to_owned()))?;
        let answer = async {
            match &route.way {
                Way::InProcess(in_process) => in_process.call(&route.endpoint, request.body, context).await,
                Way::Http(way) => http::call(way, &route.endpoint, request, context).await,
                Way::Nowhere => Err(FetchError::NoRoute("it has no URL".to_owned())),
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

/// For encrypted connections, by what is read of the system once.
fn offering(trust: &mut Option<Trust>, http2: Http2) -> Result<Arc<ClientConfig>, GatewayError> {
    let read = match trust.take() {
        Some(read) => read,
        None => Trust::system().map_err(GatewayError::Tls)?,
    };
    Ok(trust.insert(read).offering(http2))
}

impl Route {
    fn client(&self) -> Option<&Arc<Client>> {
        match &self.way {
            Way::Http(way) => Some(&way.client),
            Way::InProcess(_) | Way::Nowhere => None,
        }
    }
}

impl From<&Subgraphs> for Rules {
    fn from(config: &Subgraphs) -> Self {
        Self {
            connect_time_max: Duration::from_millis(config.connect_timeout_ms),
            rest_time_max: Duration::from_millis(config.idle_timeout_ms),
            resting_max: config.idle_connections_max,
        }
    }
}
