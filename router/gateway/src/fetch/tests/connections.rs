//! Connections of HTTP/1.1: when one serves the next call, and what becomes of calls whose connection closes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use executor::fetch::Idempotent;
use executor::{Fetch, FetchError, SubgraphRequest};
use futures::StreamExt;
use indexmap::IndexMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::calls::{call, context, request};
use crate::Config;
use crate::fetch::RoutedFetch;
use crate::testing::supergraph;

const GOOD: &str = r#"{"data":{"a":1}}"#;

/// What a subgraph does with a request, by the number of its connection and its own number there.
type Script = fn(usize, usize) -> Reaction;

enum Reaction {
    Answer(String),
    /// Answers, then closes the connection without having said so.
    AnswerAndClose(String),
    Close,
    /// Never answers.
    Hang,
}

fn good() -> String {
    with_status(200, "application/json", GOOD)
}

fn with_status(status: u16, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// A subgraph, and what is known of its connections.
#[derive(Clone)]
struct Subgraph {
    config: Config,
    made: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
}

impl Subgraph {
    async fn doing(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let mut config = Config::default();
        config.subgraphs.by_name.entry("scores".into()).or_default().url = Some(url);
        let subgraph = Self { config, made: Arc::default(), open: Arc::default() };
        let serving = subgraph.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connection = serving.made.fetch_add(1, Ordering::SeqCst);
                serving.open.fetch_add(1, Ordering::SeqCst);
                let open = Arc::clone(&serving.open);
                tokio::spawn(async move {
                    serve(stream, connection, script).await;
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        subgraph
    }

    fn fetch(&self) -> RoutedFetch {
        RoutedFetch::new(&self.config, &supergraph(), IndexMap::new()).unwrap()
    }

    fn made(&self) -> usize {
        self.made.load(Ordering::SeqCst)
    }

    /// Waits until so many connections are open.
    async fn have_open(&self, count: usize) {
        let reached = async {
            while self.open.load(Ordering::SeqCst) != count {
                tokio::task::yield_now().await;
            }
        };
        let reached = tokio::time::timeout(Duration::from_secs(10), reached).await;
        assert!(reached.is_ok(), "{} are open, not {count}", self.open.load(Ordering::SeqCst));
    }
}

/// Requests are small: each comes in one piece.
async fn serve(mut stream: TcpStream, connection: usize, script: Script) {
    let mut request = vec![0; 4096];
    for number in 0.. {
        if !matches!(stream.read(&mut request).await, Ok(1..)) {
            return;
        }
        match script(connection, number) {
            Reaction::Answer(text) => stream.write_all(text.as_bytes()).await.unwrap(),
            Reaction::AnswerAndClose(text) => return stream.write_all(text.as_bytes()).await.unwrap(),
            Reaction::Close => return,
            Reaction::Hang => {}
        }
    }
}

async fn mutate(fetch: &RoutedFetch) -> Result<(), FetchError> {
    let request = SubgraphRequest { idempotent: Idempotent::No, ..request() };
    let context = context();
    fetch.fetch(request, &context).await?.next().await.unwrap().map(drop)
}

#[tokio::test]
async fn one_connection_serves_call_after_call() {
    let subgraph = Subgraph::doing(|_, _| Reaction::Answer(good())).await;
    let fetch = subgraph.fetch();
    for _ in 0..20 {
        assert_eq!(call(&fetch, &context()).await.unwrap(), GOOD);
    }
    assert_eq!(subgraph.made(), 1);
}

#[tokio::test]
async fn calls_at_once_have_connections_of_their_own_of_which_some_are_kept() {
    let mut subgraph = Subgraph::doing(|_, _| Reaction::Answer(good())).await;
    subgraph.config.subgraphs.idle_connections_max = 3;
    let (fetch, context) = (subgraph.fetch(), context());
    let calls = (0..8).map(|_| call(&fetch, &context));
    futures::future::join_all(calls).await.into_iter().for_each(|answer| assert_eq!(answer.unwrap(), GOOD));
    assert_eq!(subgraph.made(), 8);
    subgraph.have_open(3).await;
    futures::future::join_all((0..3).map(|_| call(&fetch, &context))).await;
    assert_eq!(subgraph.made(), 8);
}

#[tokio::test]
async fn none_is_kept_where_none_may_be() {
    let mut subgraph = Subgraph::doing(|_, _| Reaction::Answer(good())).await;
    subgraph.config.subgraphs.idle_connections_max = 0;
    let fetch = subgraph.fetch();
    for _ in 0..2 {
        assert_eq!(call(&fetch, &context()).await.unwrap(), GOOD);
        subgraph.have_open(0).await;
    }
}

#[tokio::test]
async fn a_connection_that_rested_too_long_is_closed_without_another_call() {
    let mut subgraph = Subgraph::doing(|_, _| Reaction::Answer(good())).await;
    subgraph.config.subgraphs.idle_timeout_ms = 50;
    let fetch = subgraph.fetch();
    for _ in 0..2 {
        assert_eq!(call(&fetch, &context()).await.unwrap(), GOOD);
        subgraph.have_open(0).await;
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_not_used_even_by_a_mutation() {
    let subgraph = Subgraph::doing(|_, _| Reaction::AnswerAndClose(good())).await;
    let fetch = subgraph.fetch();
    for _ in 0..3 {
        mutate(&fetch).await.unwrap();
        subgraph.have_open(0).await;
        // The close is there; that it is also seen takes the runtime a moment.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(subgraph.made(), 3);
}

#[tokio::test]
async fn a_query_whose_old_connection_closes_is_sent_again_and_a_mutation_is_not() {
    let script = |connection, number| match (connection, number) {
        (_, 0) => Reaction::Answer(good()),
        _ => Reaction::Close,
    };
    let subgraph = Subgraph::doing(script).await;
    let fetch = subgraph.fetch();
    for _ in 0..3 {
        assert_eq!(call(&fetch, &context()).await.unwrap(), GOOD);
    }
    assert_eq!(subgraph.made(), 3);
    let error = mutate(&fetch).await.unwrap_err();
    assert!(matches!(&error, FetchError::Unreachable(text) if text.contains("closed")), "{error}");
    mutate(&fetch).await.unwrap();
}

#[tokio::test]
async fn a_new_connection_that_closes_is_a_fault_at_once() {
    let subgraph = Subgraph::doing(|_, _| Reaction::Close).await;
    assert!(matches!(call(&subgraph.fetch(), &context()).await, Err(FetchError::Unreachable(_))));
    assert_eq!(subgraph.made(), 1);
}

#[tokio::test]
async fn a_fault_told_in_words_does_not_cost_the_connection() {
    let subgraph = Subgraph::doing(|_, _| Reaction::Answer(with_status(503, "text/plain", "later"))).await;
    let fetch = subgraph.fetch();
    for _ in 0..3 {
        assert!(matches!(call(&fetch, &context()).await, Err(FetchError::Status { status: 503 })));
    }
    assert_eq!(subgraph.made(), 1);
}

#[tokio::test]
async fn a_call_that_is_given_up_takes_its_connection_with_it() {
    let script = |connection, number| match (connection, number) {
        (0, 1) => Reaction::Hang,
        _ => Reaction::Answer(good()),
    };
    let mut subgraph = Subgraph::doing(script).await;
    subgraph.config.subgraphs.timeout_ms = 50;
    let fetch = subgraph.fetch();
    assert_eq!(call(&fetch, &context()).await.unwrap(), GOOD);
    assert!(matches!(call(&fetch, &context()).await, Err(FetchError::Timeout)));
    assert_eq!(call(&fetch, &context()).await.unwrap(), GOOD);
    assert_eq!(subgraph.made(), 2);
    subgraph.have_open(1).await;
}

#[tokio::test]
async fn what_comes_unasked_ends_the_connection_and_is_nobodys_answer() {
    let twice = |connection, _| match connection {
        0 => Reaction::Answer(good() + &with_status(200, "application/json", "{\"data\":{\"a\":\"stale\"}}")),
        _ => Reaction::Answer(good()),
    };
    let subgraph = Subgraph::doing(twice).await;
    let fetch = subgraph.fetch();
    for _ in 0..3 {
        assert_eq!(call(&fetch, &context()).await.unwrap(), GOOD);
    }
    assert_eq!(subgraph.made(), 2);
}

#[tokio::test]
async fn large_answers_come_whole_over_one_connection() {
    let large = |_, number| {
        let text = "x".repeat(10_000 + 300_000 * (number % 3));
        Reaction::Answer(with_status(200, "application/json", &format!("{{\"data\":\"{text}\"}}")))
    };
    let subgraph = Subgraph::doing(large).await;
    let fetch = subgraph.fetch();
    for number in 0..6 {
        let answer = call(&fetch, &context()).await.unwrap();
        assert_eq!(answer.len(), r#"{"data":""}"#.len() + 10_000 + 300_000 * (number % 3));
    }
    assert_eq!(subgraph.made(), 1);
}

#[tokio::test]
async fn connections_stay_over_a_reload_unless_they_would_be_made_otherwise() {
    let subgraph = Subgraph::doing(|_, _| Reaction::Answer(good())).await;
    let mut other = subgraph.clone();
    let first = subgraph.fetch();
    call(&first, &context()).await.unwrap();
    other.config.subgraphs.timeout_ms += 1;
    let second = other.fetch().continuing(&first);
    drop(first);
    call(&second, &context()).await.unwrap();
    assert_eq!(subgraph.made(), 1);
    other.config.subgraphs.idle_timeout_ms += 1;
    let third = other.fetch().continuing(&second);
    call(&third, &context()).await.unwrap();
    assert_eq!(subgraph.made(), 2);
}
