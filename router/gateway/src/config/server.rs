//! The sections on the door itself: listening, browsers, headers, GraphiQL.

use std::net::SocketAddr;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the router listens, and how long it waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port to listen on. The default takes calls from this machine only.
    #[schemars(with = "String", extend("format" = "ip-and-port", "x-restart" = true))]
    pub listen: SocketAddr,
    /// Names of hosts that requests may be for, without ports; addresses may be named by any. None (the default) takes
    /// all names. A router that trusts whoever reaches it, as on a developer's machine, needs some: a foreign page could
    /// have its own name lead there (DNS rebinding). `dev` takes `localhost` unless others are named.
    pub hosts: Vec<String>,
    /// Milliseconds within which a request has to be answered; afterwards what is missing is an error in the response.
    #[schemars(range(min = 1, max = 3_600_000))]
    pub request_timeout_ms: u64,
    /// Milliseconds within which a request's head has to arrive, and which a connection may rest between requests: slow
    /// senders must not hold connections, while proxies and clients keep theirs for some seconds.
    #[schemars(range(min = 1, max = 600_000), extend("x-restart" = true))]
    pub header_read_timeout_ms: u64,
    /// Milliseconds within which more of a request's body has to arrive: what came of it is held in memory.
    #[schemars(range(min = 1, max = 600_000))]
    pub body_idle_timeout_ms: u64,
    /// Milliseconds within which a client has to take something of a response, of each one over HTTP/2; one that stops
    /// reading is cut off, as it holds the response in memory.
    #[schemars(range(min = 1, max = 3_600_000), extend("x-restart" = true))]
    pub write_timeout_ms: u64,
    /// Milliseconds that requests in flight get when the router stops; the rest is cancelled.
    #[schemars(range(min = 0, max = 600_000), extend("x-restart" = true))]
    pub drain_timeout_ms: u64,
    /// Connections held at the same time; further ones wait in the system's queue. Each takes a file descriptor.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-restart" = true))]
    pub connections_max: u32,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 4000)),
            hosts: Vec::new(),
            request_timeout_ms: 30_000,
            header_read_timeout_ms: 30_000,
            body_idle_timeout_ms: 10_000,
            write_timeout_ms: 30_000,
            drain_timeout_ms: 3_000,
            connections_max: 10_000,
        }
    }
}

/// Which other origins' pages may call the router from a browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cors {
    /// Origins such as `https://shop.example`, or `*` alone for any. None (the default) sends no CORS header.
    pub origins: Vec<String>,
    /// Request headers that a page may send; none mirrors what the browser asks for.
    pub headers: Vec<String>,
    /// Response headers that a page may read.
    pub expose_headers: Vec<String>,
    /// Whether cookies and other credentials may travel. Not with the origin `*`.
    pub credentials: bool,
    /// Seconds that a browser keeps the answer to a preflight. Browsers cap it at two hours or less.
    #[schemars(range(min = 0, max = 86_400))]
    pub max_age_s: u64,
}

impl Default for Cors {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            headers: Vec::new(),
            expose_headers: Vec::new(),
            credentials: false,
            max_age_s: 600,
        }
    }
}

/// Protection against requests that a foreign page makes in a user's name. POST always needs a JSON content type,
/// which makes a browser ask first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Csrf {
    /// Whether a GET with credentials that a browser sends by itself needs a JSON content type or one of the headers below.
    pub enabled: bool,
    /// Headers that a browser doesn't send without asking first.
    pub headers: Vec<String>,
    /// Headers that tell of credentials which a browser sends by itself: cookies, and client certificates as the proxies
    /// that end TLS pass them on (RFC 9440, Envoy, nginx). `Authorization` counts as well under the schemes that a
    /// browser has asked its user for: Basic, Digest, Negotiate and NTLM.
    pub credentials: Vec<String>,
}

impl Default for Csrf {
    fn default() -> Self {
        let headers = ["x-apollo-operation-name", "apollo-require-preflight", "graphql-require-preflight"];
        let credentials = ["cookie", "client-cert", "x-forwarded-client-cert", "x-ssl-client-cert", "ssl-client-cert"];
        Self {
            enabled: true,
            headers: headers.map(String::from).to_vec(),
            credentials: credentials.map(String::from).to_vec(),
        }
    }
}

/// Which headers all subgraphs are sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Headers {
    /// Names of request headers that travel on; none by default. The identity header and those of a single connection are
    /// never forwarded.
    pub forward: Vec<String>,
    /// Headers with values of their own, such as a key that subgraphs ask for; they take the place of forwarded ones.
    pub set: IndexMap<String, String>,
    /// Whether `x-read-after` travels: subgraphs say in it what a client has written, the client gets all of it in one, and who
    /// sends it back is shown nothing older. For pages of other origins it has to be among `cors.expose_headers`.
    pub read_after: bool,
}

impl Default for Headers {
    fn default() -> Self {
        Self { forward: Vec::new(), set: IndexMap::new(), read_after: true }
    }
}

/// Where a client says its name and version; the first header present counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientHeaders {
    /// Headers with the client's name.
    pub name: Vec<String>,
    /// Headers with the client's version.
    pub version: Vec<String>,
}

impl Default for ClientHeaders {
    fn default() -> Self {
        Self {
            name: vec!["graphql-client-name".into(), "apollographql-client-name".into()],
            version: vec!["graphql-client-version".into(), "apollographql-client-version".into()],
        }
    }
}

/// The GraphiQL page at `/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Graphiql {
    /// Whether there is a page at all. Off by default: production has no need of it.
    pub enabled: bool,
    /// A folder with GraphiQL's files as npm lays them out (`node_modules/graphiql/…`); comes before the CDN.
    pub assets: Option<String>,
    /// Whether browsers may load GraphiQL's files from a public CDN, checked against integrity hashes.
    pub cdn: bool,
    /// Request headers that the page's header editor starts with. Everyone who can open the page can read them.
    pub headers: IndexMap<String, String>,
    /// The operation that the page's editor starts with; empty takes GraphiQL's own.
    pub query: String,
}

impl Default for Graphiql {
    fn default() -> Self {
        Self { enabled: false, assets: None, cdn: true, headers: IndexMap::new(), query: String::new() }
    }
}

/// Responses in parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Defer {
    /// Whether the schema has `@defer`. Only clients that accept `multipart/mixed` get responses in parts; others get
    /// them whole.
    pub enabled: bool,
}

impl Default for Defer {
    fn default() -> Self {
        Self { enabled: true }
    }
}

/// Whether clients may read the schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Introspection {
    /// Whether `__schema` and `__type` are answered. When off, errors suggest no names either.
    pub enabled: bool,
}

impl Default for Introspection {
    fn default() -> Self {
        Self { enabled: true }
    }
}

/// Whether a request may ask how it is answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QueryPlans {
    /// Whether the extension `queryPlan: true` of a request is obeyed: its response then has the plan as text and as
    /// JSON in `extensions.queryPlan`. Off by default, since plans show the subgraphs and their schemas; on in `dev`.
    pub enabled: bool,
}
