//! When a set is fetched again that could not be fetched. The clock is set forward, nobody sleeps.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::routing::get;
use http::StatusCode;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, advance, pause, resume, timeout};

use super::*;

/// Least time between two tries.
const MIN: Duration = Duration::from_secs(10);
/// The longest that a fetch may take on a loaded machine.
const FETCHED_MAX: Duration = Duration::from_secs(60);

struct Nothing;

impl Sources for Nothing {
    fn read_file(&self, _: &str) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn environment(&self, _: &str) -> Option<String> {
        None
    }

    fn unix_seconds(&self) -> u64 {
        0
    }
}

/// A set that can't be fetched the first time, and a word for each try.
async fn failing_once() -> (Arc<KeySets>, UnboundedReceiver<()>) {
    let (tell, tries) = unbounded_channel();
    let failed = Arc::new(AtomicBool::new(false));
    let answer = move || {
        let status = if failed.swap(true, Ordering::SeqCst) { StatusCode::OK } else { StatusCode::BAD_GATEWAY };
        let _ = tell.send(());
        std::future::ready((status, r#"{"keys":[]}"#))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/jwks.json", get(answer))).await });
    let config = config::Jwt {
        jwks: vec![config::Jwks { file: None, url: Some(url) }],
        refresh_min_s: MIN.as_secs(),
        refresh_s: 10 * MIN.as_secs(),
        timeout_ms: 60_000,
        ..config::Jwt::default()
    };
    (Arc::new(KeySets::new(&config, &Nothing, None).unwrap()), tries)
}

/// When the last try began, once it is over.
async fn tried(sets: &KeySets) -> Instant {
    sets.remote[0].tried.lock().await.unwrap()
}

/// Sets the clock to a moment, and lets everybody look at it.
async fn clock_at(moment: Instant) {
    pause();
    advance(moment - Instant::now()).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    resume();
}

#[tokio::test]
async fn a_set_that_could_not_be_fetched_is_fetched_again_after_ten_seconds() {
    let (sets, mut tries) = failing_once().await;
    let kept = tokio::spawn({
        let sets = Arc::clone(&sets);
        async move { sets.keep_fresh(CancellationToken::new()).await }
    });
    tries.recv().await.unwrap();
    let (began, ended) = (tried(&sets).await, Instant::now());
    assert!(!sets.are_loaded());
    clock_at(began + MIN - Duration::from_millis(1)).await;
    assert!(tries.try_recv().is_err(), "too early");
    clock_at(ended + MIN + Duration::from_millis(10)).await;
    timeout(FETCHED_MAX, tries.recv()).await.expect("a second try").unwrap();
    assert!(tried(&sets).await > began && sets.are_loaded());
    kept.abort();
}

#[tokio::test]
async fn a_token_of_an_unknown_key_brings_a_failed_fetch_forward_no_sooner() {
    let (sets, mut tries) = failing_once().await;
    // {"alg":"EdDSA","kid":"k"}
    let token = "eyJhbGciOiJFZERTQSIsImtpZCI6ImsifQ.e30.AAAA";
    assert!(sets.verify(token).await.is_err());
    let began = tried(&sets).await;
    for (after, tried_again) in [(MIN / 2, 0), (MIN, 1), (MIN, 0)] {
        if !tries.is_empty() {
            tries.recv().await.unwrap();
        }
        clock_at((began + after).max(Instant::now())).await;
        assert!(sets.verify(token).await.is_err());
        assert_eq!((tries.len(), sets.are_loaded()), (tried_again, after == MIN));
    }
}
