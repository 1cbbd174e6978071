//! Versions of HTTP, and connections that rest.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::post;
use indexmap::IndexMap;

use super::calls::{call, context};
use crate::Config;
use crate::config::Http2;
use crate::fetch::RoutedFetch;
use crate::testing::supergraph;

/// A subgraph that tells which version it was asked in, and how many connections it has had.
async fn telling(change: impl FnOnce(&mut Config)) -> (RoutedFetch, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    let router = Router::new().route(
        "/graphql",
        post(|request: Request| async move {
            let text = format!("{{\"data\":{{\"version\":\"{:?}\"}}}}", request.version());
            Response::builder().header("content-type", "application/json").body(axum::body::Body::from(text)).unwrap()
        }),
    );
    use axum::serve::ListenerExt;
    let listener = listener.tap_io(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut config = Config::default();
    config.subgraphs.by_name.entry("scores".into()).or_default().url = Some(url);
    change(&mut config);
    (RoutedFetch::new(&config, &supergraph(), IndexMap::new()).unwrap(), connections)
}

#[tokio::test]
async fn the_version_is_as_configured_for_all_or_for_one() {
    let one = |config: &mut Config| config.subgraphs.by_name["scores"].http2 = Some(Http2::PriorKnowledge);
    let all = |config: &mut Config| config.subgraphs.http2 = Http2::PriorKnowledge;
    assert!(call(&telling(|_| {}).await.0, &context()).await.unwrap().contains("HTTP/1.1"));
    assert!(call(&telling(one).await.0, &context()).await.unwrap().contains("HTTP/2.0"));
    assert!(call(&telling(all).await.0, &context()).await.unwrap().contains("HTTP/2.0"));
}

#[tokio::test]
async fn a_connection_that_rested_too_long_is_not_used_again() {
    let (fetch, connections) = telling(|config| config.subgraphs.idle_timeout_ms = 50).await;
    for _ in 0..3 {
        call(&fetch, &context()).await.unwrap();
    }
    assert_eq!(connections.load(Ordering::Relaxed), 1);
    tokio::time::sleep(Duration::from_millis(100)).await;
    call(&fetch, &context()).await.unwrap();
    assert_eq!(connections.load(Ordering::Relaxed), 2);
}
