//! Where and how one subgraph is reached.

use std::time::Duration;

use executor::RequestContext;
use federation::supergraph::SubgraphInfo;
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::config::{Http2, Subgraphs};
use crate::gateway::endpoint_url;
use crate::{
    GatewayError, header_names,
    telemetry::trace::{TRACEPARENT, TRACESTATE},
};

/// One subgraph's settings, resolved.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    /// `None` when neither supergraph nor configuration has one: the calls fail, the router serves the rest.
    pub url: Option<Url>,
    pub timeout: Duration,
    pub response_bytes_max: usize,
    pub http2: Http2,
    /// Whether it is asked to compress what it answers.
    pub compressed_answers: bool,
    pub forward: Vec<HeaderName>,
    /// Headers with values of their own: the common ones, then this subgraph's.
    pub set: Vec<(HeaderName, HeaderValue)>,
}

/// What all subgraphs are sent.
pub(super) struct CommonHeaders {
    pub forward: Vec<HeaderName>,
    pub set: Vec<(HeaderName, HeaderValue)>,
}

impl Endpoint {
    pub fn new(subgraph: &SubgraphInfo, config: &Subgraphs, common: &CommonHeaders) -> Result<Self, GatewayError> {
        let own = config.by_name.get(&subgraph.name).cloned().unwrap_or_default();
        let key = format!("subgraphs.by_name.{}", subgraph.name);
        let (origin, text) = match own.url {
            Some(url) => (format!("{key}.url"), url),
            None => (format!("the routing_url of subgraph {}", subgraph.name), subgraph.url.clone()),
        };
        let url = if text.is_empty() { None } else { Some(endpoint_url(&origin, &text)?) };
        let mut forward = header_names::parse_forwarded(&format!("{key}.forward_headers"), &own.forward_headers)?;
        forward.extend_from_slice(&common.forward);
        forward.extend([TRACEPARENT, TRACESTATE]);
        // A header named for all subgraphs and for this one is still sent once.
        forward.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        forward.dedup();
        let mut set = common.set.clone();
        set.extend(header_names::parse_set(&format!("{key}.set_headers"), &own.set_headers)?);
        Ok(Self {
            url,
            timeout: Duration::from_millis(own.timeout_ms.unwrap_or(config.timeout_ms)),
            response_bytes_max: config.response_bytes_max,
            http2: own.http2.unwrap_or(config.http2),
            compressed_answers: own.compressed_answers.unwrap_or(config.compressed_answers),
            forward,
            set,
        })
    }

    /// The headers of a call: those let through for this subgraph, and those set for it. The signed identity is added by whoever calls.
    pub fn headers(&self, context: &RequestContext) -> HeaderMap<HeaderValue> {
        let mut headers = HeaderMap::with_capacity(self.forward.len() + self.set.len() + 4);
        for name in &self.forward {
            for value in context.headers.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        for (name, value) in &self.set {
            headers.insert(name.clone(), value.clone());
        }
        headers
    }
}
