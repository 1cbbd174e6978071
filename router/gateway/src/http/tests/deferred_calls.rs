//! Responses in parts whose calls are repeated, late or not made, whose clients read slowly or go; and what is told of
//! them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::deferred::{FIELDS, FRAGMENTS, Opened, SCORE, Slow, Then, ask, open};
use crate::testing::{Answer, Nothing, supergraph};
use crate::{Config, Gateway};

const ANSWER: &str = r#"{"data":{"_entities":[{"__typename":"User","score":7}]}}"#;

async fn metrics(gateway: &Gateway) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    Answer::read(gateway.router().oneshot(request).await.unwrap()).await.text
}

async fn last_of(mut opened: Opened) -> (String, Gateway) {
    opened.slow.gate.add_permits(10);
    let mut last = String::new();
    while let Some(chunk) = opened.chunk().await {
        last = chunk;
    }
    (last, opened.gateway)
}

#[tokio::test]
async fn a_call_for_a_later_part_is_repeated_as_any_other() {
    for accept in [FRAGMENTS, FIELDS] {
        let opened = open(Config::default(), accept, Then::FailFirst(1, ANSWER)).await;
        let (last, gateway) = last_of(opened).await;
        assert!(last.contains(r#""data":{"score":7}"#) && !last.contains("errors"), "{last}");
        assert!(metrics(&gateway).await.contains("subgraph_retries_total{subgraph=\"scores\"} 1"));
    }
}

#[tokio::test]
async fn a_subgraph_that_is_left_alone_is_told_in_the_part_that_needed_it() {
    let mut config = Config::default();
    config.subgraphs.circuit.calls_min = 1;
    config.subgraphs.circuit.open_ms = 60_000;
    config.subgraphs.retry.attempts_max = 0;
    let opened = open(config, FRAGMENTS, Then::Fail).await;
    let slow = Arc::clone(&opened.slow);
    let (_, gateway) = last_of(opened).await;
    let response = ask(&gateway, FRAGMENTS).await;
    let (last, _) = last_of(Opened { response, slow, gateway }).await;
    assert!(last.contains("SUBREQUEST_CIRCUIT_OPEN") && last.contains(r#""path":["user","score"]"#), "{last}");
}

#[tokio::test]
async fn a_call_that_is_slow_opens_the_circuit_while_its_part_is_awaited() {
    let mut config = Config::default();
    config.subgraphs.circuit.calls_min = 1;
    config.subgraphs.circuit.slow_ms = Some(20);
    let mut opened = open(config, FRAGMENTS, SCORE).await;
    opened.chunk().await.unwrap();
    let until_open = async {
        while !metrics(&opened.gateway).await.contains("subgraph_circuit_position{subgraph=\"scores\"} 2") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), until_open).await.expect("an open circuit");
    let (last, _) = last_of(opened).await;
    assert!(last.contains(r#""data":{"score":7}"#), "the call goes on: {last}");
}

#[tokio::test]
async fn a_response_in_parts_is_told_once_it_has_ended_with_all_its_errors() {
    let mut opened = open(Config::default(), FRAGMENTS, Then::Fail).await;
    opened.chunk().await.unwrap();
    let gateway = opened.gateway.clone();
    let served = "http_server_request_duration_seconds_count{http_request_method=\"POST\"";
    let active = "http_server_active_requests 1";
    let text = metrics(&gateway).await;
    assert!(!text.contains(served) && text.contains(active), "{text}");
    last_of(opened).await;
    let text = metrics(&gateway).await;
    let errors = "graphql_operations_total{graphql_operation_type=\"query\",outcome=\"errors\"} 1";
    assert!(text.contains(served) && text.contains(errors) && !text.contains(active), "{text}");
}

#[tokio::test]
async fn what_breaks_off_and_what_is_abandoned_is_told_as_such() {
    let outcome =
        |word: &str| format!("graphql_operations_total{{graphql_operation_type=\"query\",outcome=\"{word}\"}} 1");
    let (_, gateway) = last_of(open(Config::default(), FRAGMENTS, Then::Panic).await).await;
    let text = metrics(&gateway).await;
    assert!(text.contains(&outcome("broken")), "{text}");
    let mut opened = open(Config::default(), FRAGMENTS, SCORE).await;
    opened.chunk().await.unwrap();
    let gateway = opened.gateway.clone();
    drop(opened);
    let text = metrics(&gateway).await;
    assert!(text.contains(&outcome("abandoned")), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_stops_reading_holds_no_permit_once_the_work_is_done() {
    let mut config = Config::default();
    config.limits.concurrent_requests_max = 1;
    config.server.request_timeout_ms = 1_000;
    let slow = Slow::new(SCORE);
    let gateway = Gateway::new(config, supergraph(), Arc::clone(&slow) as _, Arc::new(Nothing)).unwrap();
    let mut unread = ask(&gateway, FRAGMENTS).await;
    assert_eq!(ask(&gateway, FRAGMENTS).await.status(), 503);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(slow.abandoned.load(Ordering::SeqCst), 1, "the call ends with the deadline");
    assert_eq!(ask(&gateway, FRAGMENTS).await.status(), 200);
    // What was written by then is still there to be read, and ends in order.
    let mut text = String::new();
    while let Some(frame) = unread.body_mut().frame().await {
        text.push_str(std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap());
    }
    assert!(text.contains("SUBREQUEST_TIMEOUT") && text.ends_with("--graphql--\r\n"), "{text}");
}
