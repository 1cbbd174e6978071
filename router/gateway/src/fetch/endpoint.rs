//! Where and how one subgraph is reached, and what of its calls is the same each time.

use std::time::Duration;

use executor::RequestContext;
use federation::Nodes;
use federation::supergraph::SubgraphInfo;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::client::Target;
use super::read_after::READ_AFTER;
use crate::config::{Http2, Subgraphs};
use crate::gateway::endpoint_url;
use crate::{
    GatewayError, header_names,
    telemetry::trace::{TRACEPARENT, TRACESTATE},
};

const ACCEPTED: HeaderValue = HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9");
const CODINGS: HeaderValue = HeaderValue::from_static("zstd, br, gzip, deflate");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// One subgraph's settings, resolved.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    pub timeout: Duration,
    pub response_bytes_max: usize,
    pub http2: Http2,
    /// Whether it is told what its caller has written, and tells it.
    pub reads_after: bool,
    /// Names of headers that travel on; none of `set`.
    forward: Vec<HeaderName>,
    /// Headers with values of their own: the common ones, then this subgraph's.
    set: HeaderMap,
}

/// Where a subgraph is reached over HTTP.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub target: Target,
    /// The headers of each call, whoever asks.
    pub headers: HeaderMap,
}

/// What all subgraphs are sent.
pub(super) struct CommonHeaders {
    pub forward: Vec<HeaderName>,
    pub set: Vec<(HeaderName, HeaderValue)>,
    pub read_after: bool,
}

impl Endpoint {
    /// With the address, unless neither supergraph nor configuration has one.
    pub fn new(
        subgraph: &SubgraphInfo,
        config: &Subgraphs,
        common: &CommonHeaders,
    ) -> Result<(Self, Option<Address>), GatewayError> {
        let own = config.by_name.get(&subgraph.name).cloned().unwrap_or_default();
        let key = format!("subgraphs.by_name.{}", subgraph.name);
        let (origin, text) = match own.url {
            Some(url) => (format!("{key}.url"), url),
            // Answered here, see `fetch::nodes`.
            None if Nodes::of_url(&subgraph.url).is_some() => (key.clone(), String::new()),
            None => (format!("the routing_url of subgraph {}", subgraph.name), subgraph.url.clone()),
        };
        let mut forward = header_names::parse_forwarded(&format!("{key}.forward_headers"), &own.forward_headers)?;
        forward.extend_from_slice(&common.forward);
        forward.extend([TRACEPARENT, TRACESTATE]);
        forward.extend(common.read_after.then_some(READ_AFTER));
        // A header named for all subgraphs and for this one is still sent once.
        forward.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        forward.dedup();
        let mut set: HeaderMap = common.set.iter().cloned().collect();
        for (name, value) in header_names::parse_set(&format!("{key}.set_headers"), &own.set_headers)? {
            set.insert(name, value);
        }
        forward.retain(|name| !set.contains_key(name));
        let mut headers = set.clone();
        headers.extend([(ACCEPT, ACCEPTED), (CONTENT_TYPE, JSON)]);
        if own.compressed_answers.unwrap_or(config.compressed_answers) {
            headers.insert(ACCEPT_ENCODING, CODINGS);
        }
        let address = if text.is_empty() { None } else { Some(Address::new((&origin, &text), headers)?) };
        let endpoint = Self {
            timeout: Duration::from_millis(own.timeout_ms.unwrap_or(config.timeout_ms)),
            response_bytes_max: config.response_bytes_max,
            http2: own.http2.unwrap_or(config.http2),
            reads_after: common.read_after,
            forward,
            set,
        };
        Ok((endpoint, address))
    }

    /// The headers set for this subgraph, and those let through for it. The signed identity is added by whoever calls.
    pub fn headers(&self, context: &RequestContext) -> HeaderMap {
        let mut headers = self.set.clone();
        self.forward(context, &mut headers);
        headers
    }

    /// Adds the headers that are let through.
    pub fn forward(&self, context: &RequestContext, headers: &mut HeaderMap) {
        for name in &self.forward {
            for value in context.headers.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
    }
}

impl Address {
    fn new((origin, text): (&str, &str), mut headers: HeaderMap) -> Result<Self, GatewayError> {
        let url = endpoint_url(origin, text)?;
        let invalid = |error| GatewayError::Value { key: origin.to_owned(), message: format!("\"{text}\": {error}") };
        let target = Target::new(&url).map_err(invalid)?;
        target.add_headers(&url, &mut headers).map_err(invalid)?;
        Ok(Self { target, headers })
    }
}
