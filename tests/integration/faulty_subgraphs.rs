//! A subgraph that fails in any way costs its own fields alone: the others still come, and the error names the
//! subgraph and the path.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::benchmark_workload::Workload;
use crate::support::client;
use crate::support::process::{self, Process};

/// Asks `products` for the root and `inventory` for one nullable field of each.
const QUERY: &str = "{ topProducts { name inStock } }";

/// What the `inventory` subgraph does instead of answering.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Html,
    Truncated,
    Status500,
    Status500WithGraphQl,
    NotAnObject,
    WrongLength,
    NoEntities,
    NullData,
    WrongLeafType,
    InvalidUtf8,
    Empty,
    Hangs,
    Closes,
}

const FAULTS: &[Fault] = &[
    Fault::Html,
    Fault::Truncated,
    Fault::Status500,
    Fault::Status500WithGraphQl,
    Fault::NotAnObject,
    Fault::WrongLength,
    Fault::NoEntities,
    Fault::NullData,
    Fault::WrongLeafType,
    Fault::InvalidUtf8,
    Fault::Empty,
    Fault::Hangs,
    Fault::Closes,
];

fn with_type(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response {
    let mut response = body.into().into_response();
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert("content-type", content_type.parse().unwrap());
    response
}

async fn misbehave(fault: Fault) -> Response {
    let json_type = "application/json";
    match fault {
        Fault::Html => with_type(200, "text/html", "<html><body>Welcome to nginx!</body></html>"),
        Fault::Truncated => with_type(200, json_type, r#"{"data":{"_entities":[{"inSt"#),
        Fault::Status500 => with_type(500, "text/plain", "Internal Server Error"),
        Fault::Status500WithGraphQl => with_type(
            500,
            json_type,
            r#"{"errors":[{"message":"database is on fire","path":["_entities",0,"inStock"]}]}"#,
        ),
        Fault::NotAnObject => with_type(200, json_type, "[1,2,3]"),
        Fault::WrongLength => with_type(200, json_type, r#"{"data":{"_entities":[{"inStock":true}]}}"#),
        Fault::NoEntities => with_type(200, json_type, r#"{"data":{}}"#),
        Fault::NullData => with_type(200, json_type, r#"{"data":null,"errors":[{"message":"no"}]}"#),
        Fault::WrongLeafType => {
            let entities: Vec<Value> = (0..100).map(|_| json!({ "inStock": "perhaps" })).collect();
            with_type(200, json_type, json!({ "data": { "_entities": entities } }).to_string())
        }
        Fault::InvalidUtf8 => {
            with_type(200, json_type, b"{\"data\":{\"_entities\":[{\"inStock\":\"\xff\"}]}}".to_vec())
        }
        Fault::Empty => with_type(200, json_type, ""),
        Fault::Hangs => std::future::pending().await,
        Fault::Closes => cut_off(),
    }
}

/// A response whose body breaks off: the connection is cut while it is read.
fn cut_off() -> Response {
    let broken = futures::stream::iter([Ok("{\"data\""), Err(std::io::Error::other("cut"))]);
    let mut response = Response::new(axum::body::Body::from_stream(broken));
    response.headers_mut().insert("content-type", "application/json".parse().unwrap());
    response
}

async fn serve(fault: Fault) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().fallback(post(move || misbehave(fault)));
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// What developers see.
const OPEN: &str = "subgraphs:\n  timeout_ms: 1000\nerrors: { messages: pass, subgraph_names: show }\n";

async fn router(workload: &Workload, inventory: SocketAddr, configuration: &str) -> Process {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("router.yaml");
    std::fs::write(&config, configuration).unwrap();
    let url = format!("inventory=http://{inventory}/graphql");
    let supergraph = workload.supergraph.to_str().unwrap();
    let arguments =
        ["router", "--supergraph", supergraph, "--listen", "127.0.0.1:0", "--subgraph-url", &url, "--config"];
    let mut command = process::command(&arguments);
    command.arg(&config);
    Process::start(command).await
}

fn check(what: &str, answer: &client::Answer) {
    assert_eq!(answer.status, 200, "{what}: {answer:?}");
    let body = answer.json();
    let products = body["data"]["topProducts"].as_array().unwrap_or_else(|| panic!("{what}: {body}"));
    assert!(!products.is_empty());
    // Where the subgraph itself says nothing of the place, the error stands at the list that was asked for.
    let at_or_above =
        |error: &&Value| [json!(["topProducts", 0, "inStock"]), json!(["topProducts"])].contains(&error["path"]);
    for product in products {
        assert!(product["name"].is_string(), "{what}: the healthy field is lost: {body}");
        assert_eq!(product["inStock"], Value::Null, "{what}: {body}");
    }
    let mut errors = body["errors"].as_array().into_iter().flatten();
    let error = errors.find(at_or_above).unwrap_or_else(|| panic!("{what}: no error at the path: {body}"));
    assert_eq!(error["extensions"]["service"], "inventory", "{what}: {body}");
    assert!(error["extensions"]["code"].is_string(), "{what}: {body}");
    assert!(!body.to_string().contains("_entities"), "{what}: internals in {body}");
    assert!(!body.to_string().contains("nginx"), "{what}: a subgraph's bytes in {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_subgraph_costs_only_its_own_fields() {
    let workload = Workload::start().await;
    for &fault in FAULTS {
        let router = router(&workload, serve(fault).await, OPEN).await;
        let started = Instant::now();
        let answer = client::query(&router.graphql(), None, QUERY).await;
        check(&format!("{fault:?}"), &answer);
        assert!(started.elapsed() < Duration::from_secs(10), "{fault:?} took {:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subgraph_that_is_down_costs_only_its_own_fields() {
    let workload = Workload::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    let router = router(&workload, nobody, OPEN).await;
    check("down", &client::query(&router.graphql(), None, QUERY).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_development_clients_learn_nothing_of_subgraphs() {
    let workload = Workload::start().await;
    for fault in [Fault::Status500WithGraphQl, Fault::Hangs, Fault::Html] {
        let router = router(&workload, serve(fault).await, "subgraphs:\n  timeout_ms: 1000\n").await;
        let body = client::query(&router.graphql(), None, QUERY).await.json();
        assert!(body["data"]["topProducts"][0]["name"].is_string(), "{fault:?}: {body}");
        for error in body["errors"].as_array().unwrap() {
            let message = error["message"].as_str().unwrap();
            assert!(message.starts_with("A subgraph "), "{fault:?}: {body}");
            assert!(error["extensions"]["code"].is_string(), "{fault:?}: {body}");
        }
        let text = body["errors"].to_string();
        assert!(!text.contains("inventory") && !text.contains("fire"), "{fault:?}: {body}");
    }
}
