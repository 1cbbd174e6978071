//! Responses in parts, to the byte, and every way in which one may break off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use http::Request;
use http_body_util::BodyExt;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::testing::{Answer, Door, Nothing, supergraph};
use crate::{Config, Gateway};

const QUERY: &str = r#"{ user(id: 1) { name ... @defer(label: "later") { score } } }"#;
pub(super) const FRAGMENTS: &str = "multipart/mixed;deferSpec=20220824";
pub(super) const FIELDS: &str = "multipart/mixed;incrementalSpec=v0.2";

/// What the slow subgraph does once it is let.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Then {
    Answer(&'static str),
    Fail,
    /// It fails so often, then answers.
    FailFirst(usize, &'static str),
    Panic,
}

/// `users` answers at once, `scores` once it is let. Counts calls that were dropped before.
pub(super) struct Slow {
    pub gate: Semaphore,
    pub then: Then,
    pub calls: AtomicUsize,
    pub abandoned: Arc<AtomicUsize>,
}

impl Slow {
    pub fn new(then: Then) -> Arc<Self> {
        Arc::new(Self { gate: Semaphore::new(0), then, calls: AtomicUsize::new(0), abandoned: Arc::default() })
    }
}

struct CountDrop(Arc<AtomicUsize>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Fetch for Slow {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        async move {
            let text = if request.subgraph.0 == 1 {
                r#"{"data":{"user":{"__typename":"User","id":"1","name":"Ada"}}}"#
            } else {
                let guard = CountDrop(Arc::clone(&self.abandoned));
                drop(self.gate.acquire().await);
                std::mem::forget(guard);
                let calls = self.calls.fetch_add(1, Ordering::SeqCst);
                match self.then {
                    Then::FailFirst(times, _) if calls < times => {
                        return Err(FetchError::Unreachable("down".to_owned()));
                    }
                    Then::Answer(text) | Then::FailFirst(_, text) => text,
                    Then::Fail => return Err(FetchError::Unreachable("down".to_owned())),
                    Then::Panic => panic!("a fault of ours"),
                }
            };
            Ok(stream::once(std::future::ready(Ok(Bytes::from_static(text.as_bytes())))).boxed() as Responses)
        }
        .boxed()
    }
}

pub(super) const SCORE: Then = Then::Answer(r#"{"data":{"_entities":[{"__typename":"User","score":7}]}}"#);

pub(super) struct Opened {
    pub response: axum::response::Response,
    pub slow: Arc<Slow>,
    pub gateway: Gateway,
}

impl Opened {
    pub async fn chunk(&mut self) -> Option<String> {
        let frame = tokio::time::timeout(Duration::from_secs(10), self.response.body_mut().frame()).await.unwrap()?;
        Some(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
    }
}

pub(super) async fn open(config: Config, accept: &str, then: Then) -> Opened {
    let slow = Slow::new(then);
    let gateway = Gateway::new(config, supergraph(), Arc::clone(&slow) as _, Arc::new(Nothing)).unwrap();
    let response = ask(&gateway, accept).await;
    Opened { response, slow, gateway }
}

pub(super) async fn ask(gateway: &Gateway, accept: &str) -> axum::response::Response {
    let body = serde_json::json!({ "query": QUERY }).to_string();
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", accept);
    gateway.router().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_older_form_to_the_byte() {
    let mut opened = open(Config::default(), FRAGMENTS, SCORE).await;
    assert_eq!(opened.response.headers()["content-type"], "multipart/mixed;boundary=\"graphql\";deferSpec=20220824");
    // The first part is there, its delimiter included, before the slow subgraph answers.
    let first = "\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{\"data\":{\"user\":{\"name\":\"Ada\"}},\"hasNext\":true}\r\n--graphql";
    assert_eq!(opened.chunk().await.unwrap(), first);
    opened.slow.gate.add_permits(1);
    let last = "\r\ncontent-type: application/json\r\n\r\n{\"incremental\":[{\"data\":{\"score\":7},\"path\":[\"user\"],\"label\":\"later\"}],\"hasNext\":false}\r\n--graphql--\r\n";
    assert_eq!(opened.chunk().await.unwrap(), last);
    assert_eq!(opened.chunk().await, None);
}

#[tokio::test]
async fn the_newer_form_to_the_byte() {
    let mut opened = open(Config::default(), FIELDS, SCORE).await;
    assert_eq!(opened.response.headers()["content-type"], "multipart/mixed;boundary=\"graphql\";incrementalSpec=v0.2");
    let first = "\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{\"data\":{\"user\":{\"name\":\"Ada\"}},\"pending\":[{\"id\":\"0\",\"path\":[\"user\"],\"label\":\"later\"}],\"hasNext\":true}\r\n--graphql";
    assert_eq!(opened.chunk().await.unwrap(), first);
    opened.slow.gate.add_permits(1);
    let last = "\r\ncontent-type: application/json\r\n\r\n{\"hasNext\":false,\"incremental\":[{\"id\":\"0\",\"data\":{\"score\":7}}],\"completed\":[{\"id\":\"0\"}]}\r\n--graphql--\r\n";
    assert_eq!(opened.chunk().await.unwrap(), last);
    assert_eq!(opened.chunk().await, None);
}

#[tokio::test]
async fn a_failed_fetch_is_told_in_the_part_that_needed_it() {
    let mut opened = open(Config::default(), FRAGMENTS, Then::Fail).await;
    assert!(!opened.chunk().await.unwrap().contains("errors"));
    opened.slow.gate.add_permits(1);
    let last = opened.chunk().await.unwrap();
    assert!(last.contains(r#"{"data":{"score":null},"path":["user"],"label":"later","errors":[{"#), "{last}");
    assert!(last.contains(r#""path":["user","score"]"#), "{last}");
    assert!(last.ends_with("\"hasNext\":false}\r\n--graphql--\r\n"), "{last}");
}

#[tokio::test]
async fn a_panic_ends_the_response_in_order() {
    for accept in [FRAGMENTS, FIELDS] {
        let mut opened = open(Config::default(), accept, Then::Panic).await;
        opened.chunk().await.unwrap();
        opened.slow.gate.add_permits(1);
        let last = opened.chunk().await.unwrap();
        assert!(last.contains(r#""code":"INTERNAL_SERVER_ERROR","traceId":"#), "{last}");
        assert!(last.ends_with("],\"hasNext\":false}\r\n--graphql--\r\n"), "{last}");
        assert_eq!(opened.chunk().await, None);
    }
}

#[tokio::test]
async fn the_deadline_ends_a_response_in_order() {
    let mut config = Config::default();
    config.server.request_timeout_ms = 50;
    let mut opened = open(config, FRAGMENTS, SCORE).await;
    opened.chunk().await.unwrap();
    let last = opened.chunk().await.unwrap();
    assert!(last.contains("SUBREQUEST_TIMEOUT") && last.ends_with("\r\n--graphql--\r\n"), "{last}");
}

#[tokio::test]
async fn a_client_that_goes_away_between_parts_cancels_the_calls() {
    let mut opened = open(Config::default(), FRAGMENTS, SCORE).await;
    opened.chunk().await.unwrap();
    let slow = Arc::clone(&opened.slow);
    drop(opened);
    let gone = async {
        while slow.abandoned.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), gone).await.unwrap();
}

#[tokio::test]
async fn a_response_in_parts_counts_as_one_request_until_its_end() {
    let mut config = Config::default();
    config.limits.concurrent_requests_max = 1;
    let slow = Slow::new(SCORE);
    let gateway = Gateway::new(config, supergraph(), Arc::clone(&slow) as _, Arc::new(Nothing)).unwrap();
    let request = |accept: &str, query: &str| {
        let body = serde_json::json!({ "query": query }).to_string();
        let request = Request::post("/graphql").header("content-type", "application/json").header("accept", accept);
        request.body(Body::from(body)).unwrap()
    };
    let held = gateway.router().oneshot(request(FRAGMENTS, QUERY)).await.unwrap();
    let refused = gateway.router().oneshot(request("*/*", "{ __typename }")).await.unwrap();
    assert_eq!(refused.status(), 503);
    drop(held);
    let served = async {
        while gateway.router().oneshot(request("*/*", "{ __typename }")).await.unwrap().status() != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), served).await.unwrap();
}

async fn accepting(accept: &str, query: &str) -> Answer {
    let door = Door::open(Config::default());
    door.post(&serde_json::json!({ "query": query }).to_string(), &[("accept", accept)]).await
}

#[tokio::test]
async fn clients_that_do_not_read_parts_get_the_response_whole() {
    for accept in ["*/*", "application/json", "application/graphql-response+json", "text/event-stream, */*"] {
        let answer = accepting(accept, QUERY).await;
        assert_eq!(answer.text, r#"{"data":{"user":{"name":"Ada","score":7}}}"#, "{accept}");
        assert!(answer.header("content-type").contains("json"), "{accept}");
    }
}

#[tokio::test]
async fn what_is_not_deferred_comes_as_json_to_clients_that_would_read_parts() {
    let urql = "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed";
    let query = "{ user(id: 1) { name ... @defer(if: false) { score } } }";
    let answer = accepting(urql, query).await;
    assert_eq!(answer.text, r#"{"data":{"user":{"name":"Ada","score":7}}}"#);
    assert!(answer.header("content-type").starts_with("application/graphql-response+json"));
}

#[tokio::test]
async fn clients_that_read_nothing_else_get_one_part() {
    let answer = accepting(FRAGMENTS, "{ user(id: 1) { name } }").await;
    assert_eq!(
        answer.text,
        "\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{\"data\":{\"user\":{\"name\":\"Ada\"}},\"hasNext\":false}\r\n--graphql--\r\n"
    );
    let answer = accepting(FRAGMENTS, "{ nothing }").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (400, "GRAPHQL_VALIDATION_FAILED".to_owned()));
}

#[tokio::test]
async fn parents_that_are_null_leave_nothing_to_wait_for() {
    let subgraphs =
        crate::testing::Canned { answers: [Ok("{}"), Ok(r#"{"data":{"user":null}}"#)], ..Default::default() };
    let door = Door::over(Config::default(), subgraphs);
    let body = serde_json::json!({ "query": QUERY }).to_string();
    let answer = door.post(&body, &[("accept", &format!("{FRAGMENTS}, application/json"))]).await;
    assert_eq!(answer.text, r#"{"data":{"user":null}}"#);
    let answer = door.post(&body, &[("accept", FRAGMENTS)]).await;
    assert!(answer.text.contains("{\"data\":{\"user\":null},\"hasNext\":false}\r\n--graphql--"), "{}", answer.text);
    assert_eq!(door.subgraphs.received().iter().filter(|call| call.subgraph == 0).count(), 0);
}

#[tokio::test]
async fn variables_decide_on_deferral() {
    let query = "query($if: Boolean) { user(id: 1) { name ... @defer(if: $if) { score } } }";
    let door = Door::open(Config::default());
    let post = async |variables: serde_json::Value| {
        let body = serde_json::json!({ "query": query, "variables": variables }).to_string();
        door.post(&body, &[("accept", &format!("{FRAGMENTS}, application/json"))]).await
    };
    assert!(post(serde_json::json!({ "if": true })).await.text.contains("--graphql"));
    assert!(post(serde_json::json!({})).await.text.contains("--graphql"));
    assert_eq!(post(serde_json::json!({ "if": false })).await.text, r#"{"data":{"user":{"name":"Ada","score":7}}}"#);
    assert_eq!(post(serde_json::json!({ "if": null })).await.code(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn without_it_the_schema_knows_no_defer() {
    let mut config = Config::default();
    config.defer.enabled = false;
    let answer = Door::open(config).query(QUERY).await;
    assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED");
    let listing = "{ __schema { directives { name } } }";
    assert!(Door::open(Config::default()).query(listing).await.text.contains("defer"));
}
