//! Sends each call where its subgraph is: into the process or over HTTP. Time limits and cancellation are the same.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::Supergraph;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use indexmap::IndexMap;

use super::endpoint::Endpoint;
use super::{InProcess, http};
use crate::config::{Config, Subgraphs};
use crate::{GatewayError, header_names};

/// The fetch that production and development use.
pub struct RoutedFetch {
    /// By subgraph id.
    routes: Vec<Route>,
    client: reqwest::Client,
}

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
        let common = header_names::parse_forwarded("headers.forward", &config.headers.forward)?;
        let routes = supergraph.subgraphs.iter().map(|subgraph| {
            let endpoint = Endpoint::new(subgraph, &config.subgraphs, &common)?;
            Ok(Route { endpoint, in_process: in_process.swap_remove(&subgraph.name) })
        });
        Ok(Self { routes: routes.collect::<Result<_, GatewayError>>()?, client: client(&config.subgraphs)? })
    }

    async fn call(&self, request: SubgraphRequest, context: &RequestContext) -> Result<Bytes, FetchError> {
        let route = self.routes.get(usize::from(request.subgraph.0));
        let route = route.ok_or_else(|| FetchError::Unreachable("there is no such subgraph".to_owned()))?;
        let answer = async {
            match &route.in_process {
                Some(in_process) => in_process.call(&route.endpoint, request.body, context).await,
                None => http::call(&self.client, &route.endpoint, request.body, context).await,
            }
        };
        let own = Instant::now() + route.endpoint.timeout;
        let deadline = tokio::time::Instant::from_std(own.min(context.deadline));
        tokio::select! {
            biased;
            () = context.cancellation.cancelled() => Err(FetchError::Cancelled),
            answer = tokio::time::timeout_at(deadline, answer) => answer.unwrap_or(Err(FetchError::Timeout)),
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

fn client(config: &Subgraphs) -> Result<reqwest::Client, GatewayError> {
    reqwest::Client::builder()
        // A redirect would carry the caller's identity to a place that nobody configured.
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
        .pool_max_idle_per_host(config.idle_connections_max)
        .tcp_nodelay(true)
        .build()
        .map_err(GatewayError::HttpClient)
}

/// Shared by those who wrap it.
pub(crate) type SharedFetch = Arc<dyn Fetch>;
