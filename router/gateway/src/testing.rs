//! What the tests of this crate share: a small supergraph, canned subgraphs, sources without a machine.

use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::Supergraph;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::{Config, Edition, Gateway, Sources};

/// Users with a name in one subgraph and a score in another.
pub(crate) const SUPERGRAPH: &str = r#"
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) {
  query: Query
  mutation: Mutation
}
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph {
  SCORES @join__graph(name: "scores", url: "http://127.0.0.1:1/graphql")
  USERS @join__graph(name: "users", url: "http://127.0.0.1:1/graphql")
}
type Query @join__type(graph: SCORES) @join__type(graph: USERS) {
  user(id: ID!): User @join__field(graph: USERS)
}
type Mutation @join__type(graph: USERS) {
  rename(id: ID!, name: String!): User @join__field(graph: USERS)
}
type User @join__type(graph: SCORES, key: "id") @join__type(graph: USERS, key: "id") {
  id: ID!
  name: String @join__field(graph: USERS)
  score: Int @join__field(graph: SCORES)
}
"#;

/// A call that a subgraph received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub subgraph: u16,
    pub body: String,
    pub identity: Option<String>,
    pub headers: HeaderMap,
}

/// Subgraphs with canned answers, by subgraph id: 0 is `scores`, 1 is `users`.
pub(crate) struct Canned {
    pub answers: [Result<&'static str, FetchError>; 2],
    pub received: Mutex<Vec<Received>>,
}

impl Default for Canned {
    fn default() -> Self {
        let users = r#"{"data":{"user":{"__typename":"User","id":"1","name":"Ada"},"rename":{"id":"1","name":"Ada"}}}"#;
        let scores = r#"{"data":{"_entities":[{"__typename":"User","score":7}]}}"#;
        Self { answers: [Ok(scores), Ok(users)], received: Mutex::default() }
    }
}

impl Canned {
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Fetch for Canned {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        self.received.lock().unwrap().push(Received {
            subgraph: request.subgraph.0,
            body: String::from_utf8(request.body.to_vec()).unwrap(),
            identity: context.identity.as_deref().map(str::to_owned),
            headers: context.headers.as_ref().clone(),
        });
        let answer = self.answers[usize::from(request.subgraph.0)].clone();
        async move {
            let body = Bytes::from_static(answer?.as_bytes());
            Ok(stream::once(std::future::ready(Ok(body))).boxed())
        }
        .boxed()
    }
}

/// Neither files nor environment; time stands still.
pub(crate) struct Nothing;

impl Sources for Nothing {
    fn read_file(&self, _: &str) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn environment(&self, _: &str) -> Option<String> {
        None
    }

    fn unix_seconds(&self) -> u64 {
        1_800_000_000
    }
}

/// The small supergraph, loaded.
pub(crate) fn supergraph() -> Arc<Supergraph> {
    Arc::new(Supergraph::parse(SUPERGRAPH, federation::Limits::default()).expect("the test supergraph loads"))
}

/// A gateway over canned subgraphs.
pub(crate) struct Door {
    pub router: axum::Router,
    pub gateway: Gateway,
    pub subgraphs: Arc<Canned>,
}

impl Door {
    pub(crate) fn open(config: Config) -> Self {
        Self::over(config, Canned::default())
    }

    pub(crate) fn over(config: Config, subgraphs: Canned) -> Self {
        let subgraphs = Arc::new(subgraphs);
        let edition = Edition::new(config, supergraph(), Arc::clone(&subgraphs) as _);
        Self::serving(edition, subgraphs)
    }

    pub(crate) fn serving(edition: Edition, subgraphs: Arc<Canned>) -> Self {
        let gateway = Gateway::of(edition, Arc::new(Nothing)).unwrap();
        Self { router: gateway.router(), gateway, subgraphs }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// Posts a body as JSON, with other headers.
    pub(crate) async fn post(&self, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post("/graphql").header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Posts a document.
    pub(crate) async fn query(&self, query: &str) -> Answer {
        self.post(&serde_json::json!({ "query": query }).to_string(), &[]).await
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

/// A response, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }

    /// The first error's code.
    pub(crate) fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
