//! Calls over real connections to subgraphs that misbehave in every way, and in process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use executor::fetch::Idempotent;
use executor::{AnswerHeaders, Fetch, FetchError, RequestContext, SubgraphRequest};
use federation::SubgraphId;
use futures::{FutureExt, StreamExt};
use http::HeaderMap;
use indexmap::IndexMap;
use tokio_util::sync::CancellationToken;

use crate::Config;
use crate::fetch::{InProcess, RoutedFetch};
use crate::testing::supergraph;

pub(super) fn context() -> RequestContext {
    let mut headers = HeaderMap::new();
    headers.insert("traceparent", "00-1-2-01".parse().unwrap());
    headers.insert("x-tenant", "a".parse().unwrap());
    RequestContext {
        identity: Some("signed".into()),
        headers: Arc::new(headers),
        deadline: Instant::now() + Duration::from_secs(10),
        cancellation: CancellationToken::new(),
        trace_id: "1".into(),
        answer_headers: AnswerHeaders::default(),
    }
}

pub(super) fn request() -> SubgraphRequest {
    SubgraphRequest {
        subgraph: SubgraphId(0),
        body: Bytes::from_static(b"{\"query\":\"{a}\"}"),
        named: 0,
        idempotent: Idempotent::Yes,
    }
}

pub(super) async fn call(fetch: &RoutedFetch, context: &RequestContext) -> Result<String, FetchError> {
    let mut responses = fetch.fetch(request(), context).await?;
    let body = responses.next().await.unwrap()?;
    Ok(String::from_utf8(body.to_vec()).unwrap())
}

/// A subgraph on a port of its own, and a fetch that calls it.
async fn over_http(router: Router, change: impl FnOnce(&mut Config)) -> RoutedFetch {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut config = Config::default();
    config.subgraphs.by_name.entry("scores".into()).or_default().url = Some(url);
    change(&mut config);
    RoutedFetch::new(&config, &supergraph(), IndexMap::new()).unwrap()
}

fn answering(status: u16, content_type: &'static str, body: &'static str) -> Router {
    let answer = move || async move {
        let mut response = Response::builder().status(status);
        if !content_type.is_empty() {
            response = response.header("content-type", content_type);
        }
        response.body(Body::from(body)).unwrap()
    };
    Router::new().route("/graphql", post(answer))
}

async fn answer_to(status: u16, content_type: &'static str, body: &'static str) -> Result<String, String> {
    let fetch = over_http(answering(status, content_type, body), |_| {}).await;
    call(&fetch, &context()).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn answers_are_judged_by_status_and_content_type() {
    let good = "{\"data\":{\"a\":1}}";
    assert_eq!(answer_to(200, "application/json", good).await.unwrap(), good);
    assert_eq!(answer_to(200, "application/graphql-response+json; charset=utf-8", good).await.unwrap(), good);
    let refused = "{\"errors\":[{\"message\":\"no\"}]}";
    assert_eq!(answer_to(400, "application/json", refused).await.unwrap(), refused);
    let table = [
        (200, "text/html", "<html>", "content type"),
        (200, "", good, "content type"),
        (200, "application/json; charset=utf-16", good, "content type"),
        (200, "application/json", "{\"data\":{\"a\":\"x\"", "no JSON object"),
        (200, "application/json", "[{\"data\":{}}]", "no JSON object"),
        (500, "text/html", "<html>", "status 500"),
        (502, "application/json", "{\"oops\":true}", "status 502"),
        (401, "application/json", "nonsense", "status 401"),
        (302, "application/json", "", "status 302"),
        (302, "application/json", good, "status 302"),
    ];
    for (status, content_type, body, says) in table {
        let error = answer_to(status, content_type, body).await.unwrap_err();
        assert!(error.contains(says), "{status} {content_type} {body}: {error}");
    }
}

#[tokio::test]
async fn a_call_carries_identity_trace_and_the_headers_let_through() {
    let echo = |headers: HeaderMap, body: Bytes| async move {
        let shown = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let names = ["supergraph-identity", "traceparent", "x-tenant", "accept", "content-type", "authorization"];
        let seen: Vec<_> = names.iter().map(|name| shown(name)).collect();
        let text = serde_json::json!({"data": {"seen": seen, "body": String::from_utf8_lossy(&body)}}).to_string();
        Response::builder().header("content-type", "application/json").body(Body::from(text)).unwrap()
    };
    let router = Router::new().route("/graphql", post(echo));
    let fetch = over_http(router, |config| config.headers.forward = vec!["x-tenant".into()]).await;
    let answer: serde_json::Value = serde_json::from_str(&call(&fetch, &context()).await.unwrap()).unwrap();
    let accept = "application/graphql-response+json, application/json;q=0.9";
    assert_eq!(
        answer["data"]["seen"],
        serde_json::json!(["signed", "00-1-2-01", "a", accept, "application/json", null])
    );
    assert_eq!(answer["data"]["body"], "{\"query\":\"{a}\"}");
}

#[tokio::test]
async fn a_header_let_through_for_all_and_for_one_is_sent_once() {
    let count = |headers: HeaderMap| async move {
        let text = serde_json::json!({"data": headers.get_all("x-tenant").iter().count()}).to_string();
        Response::builder().header("content-type", "application/json").body(Body::from(text)).unwrap()
    };
    let fetch = over_http(Router::new().route("/graphql", post(count)), |config| {
        config.headers.forward = vec!["x-tenant".into(), "X-Tenant".into()];
        config.subgraphs.by_name["scores"].forward_headers = vec!["x-tenant".into(), "traceparent".into()];
    })
    .await;
    assert_eq!(call(&fetch, &context()).await.unwrap(), "{\"data\":1}");
}

#[tokio::test]
async fn headers_set_for_all_and_for_one_are_sent_in_place_of_forwarded_ones() {
    let echo = |headers: HeaderMap| async move {
        let all = |name: &str| headers.get_all(name).iter().map(|v| v.to_str().unwrap().to_owned()).collect::<Vec<_>>();
        let text = serde_json::json!({"data": [all("x-tenant"), all("x-key"), all("x-common")]}).to_string();
        Response::builder().header("content-type", "application/json").body(Body::from(text)).unwrap()
    };
    let fetch = over_http(Router::new().route("/graphql", post(echo)), |config| {
        config.headers.forward = vec!["x-tenant".into()];
        config.headers.set.extend([("X-Key", "common"), ("x-common", "c")].map(|(k, v)| (k.into(), v.into())));
        let own = [("x-key", "own"), ("x-tenant", "set")].map(|(k, v)| (k.into(), v.into()));
        config.subgraphs.by_name["scores"].set_headers.extend(own);
    })
    .await;
    assert_eq!(call(&fetch, &context()).await.unwrap(), r#"{"data":[["set"],["own"],["c"]]}"#);
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_not_read() {
    let limit = |config: &mut Config| config.subgraphs.response_bytes_max = 10;
    let announced = over_http(answering(200, "application/json", "{\"data\":{\"a\":1}}"), limit).await;
    assert!(matches!(call(&announced, &context()).await, Err(FetchError::TooLarge { limit_bytes: 10 })));
    let endless = || async {
        let chunks = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"[[[[")));
        Response::builder().header("content-type", "application/json").body(Body::from_stream(chunks)).unwrap()
    };
    let endless = over_http(Router::new().route("/graphql", post(endless)), limit).await;
    assert!(matches!(call(&endless, &context()).await, Err(FetchError::TooLarge { .. })));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_fault() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"data\"";
        stream.write_all(head).await.unwrap();
    });
    let mut config = Config::default();
    config.subgraphs.by_name.entry("scores".into()).or_default().url = Some(url);
    let fetch = RoutedFetch::new(&config, &supergraph(), IndexMap::new()).unwrap();
    let error = call(&fetch, &context()).await.unwrap_err();
    assert!(matches!(&error, FetchError::Unreachable(message) if message.contains("broke off")), "{error}");
}

#[tokio::test]
async fn a_subgraph_that_is_down_or_slow_is_told_apart() {
    let fetch = RoutedFetch::new(&Config::default(), &supergraph(), IndexMap::new()).unwrap();
    assert!(matches!(call(&fetch, &context()).await, Err(FetchError::Unreachable(_))));

    let never = || std::future::pending::<Response>();
    let slow = Router::new().route("/graphql", post(never));
    let fetch = over_http(slow, |config| config.subgraphs.timeout_ms = 20).await;
    assert!(matches!(call(&fetch, &context()).await, Err(FetchError::Timeout)));
}

#[tokio::test]
async fn one_subgraph_may_have_less_time_than_others() {
    let never = || std::future::pending::<Response>();
    let fetch = over_http(Router::new().route("/graphql", post(never)), |config| {
        config.subgraphs.timeout_ms = 3_600_000;
        config.subgraphs.by_name["scores"].timeout_ms = Some(20);
    })
    .await;
    assert!(matches!(call(&fetch, &context()).await, Err(FetchError::Timeout)));
}

fn in_process(subgraph: InProcess) -> RoutedFetch {
    let map = IndexMap::from([("scores".to_owned(), subgraph)]);
    RoutedFetch::new(&Config::default(), &supergraph(), map).unwrap()
}

#[tokio::test]
async fn a_subgraph_in_process_gets_the_same() {
    let fetch = in_process(InProcess::new(|body, identity, headers| {
        async move {
            let body = String::from_utf8_lossy(&body);
            Ok(Bytes::from(format!("{{{body} {} {}}}", identity.unwrap(), headers.len())).into())
        }
        .boxed()
    }));
    assert_eq!(call(&fetch, &context()).await.unwrap(), "{{\"query\":\"{a}\"} signed 1}");
}

#[tokio::test]
async fn a_panic_in_process_is_a_fault_of_that_subgraph() {
    let at_once = in_process(InProcess::new(|_, _, _| panic!("at once")));
    assert!(matches!(call(&at_once, &context()).await, Err(FetchError::Malformed(_))));
    let later = in_process(InProcess::new(|_, _, _| async { panic!("later") }.boxed()));
    assert!(matches!(call(&later, &context()).await, Err(FetchError::Malformed(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subgraph_that_never_rests_is_given_up_on() {
    let busy = InProcess::new(|_, _, _| {
        async {
            let start = Instant::now();
            while start.elapsed() < Duration::from_millis(500) {
                std::hint::spin_loop();
            }
            Ok(Bytes::new().into())
        }
        .boxed()
    });
    let mut config = Config::default();
    config.subgraphs.timeout_ms = 20;
    let map = IndexMap::from([("scores".to_owned(), busy)]);
    let fetch = RoutedFetch::new(&config, &supergraph(), map).unwrap();
    assert!(matches!(call(&fetch, &context()).await, Err(FetchError::Timeout)));
}

#[tokio::test]
async fn a_url_that_is_none_is_refused_at_the_start() {
    let mut config = Config::default();
    config.subgraphs.by_name.entry("users".into()).or_default().url = Some("users:80".into());
    let error = RoutedFetch::new(&config, &supergraph(), IndexMap::new()).err().unwrap();
    assert!(error.to_string().contains("subgraphs.by_name.users.url"), "{error}");
}

#[tokio::test]
async fn settings_for_an_unknown_subgraph_are_refused() {
    let mut config = Config::default();
    config.subgraphs.by_name.entry("user".into()).or_default().timeout_ms = Some(1);
    let error = RoutedFetch::new(&config, &supergraph(), IndexMap::new()).err().unwrap();
    assert!(error.to_string().contains("no such subgraph, only scores, users"), "{error}");
}
