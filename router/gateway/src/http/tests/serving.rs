//! Real connections: stopping in order, slow clients, clients that go away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::testing::{Answer, Nothing, supergraph};
use crate::{Config, Gateway};

/// Answers only once it is let; counts calls that were dropped before.
#[derive(Default)]
struct Held {
    called: Notify,
    release: Option<Semaphore>,
    abandoned: Arc<AtomicUsize>,
}

struct CountDrop(Option<Arc<AtomicUsize>>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        if let Some(count) = &self.0 {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Fetch for Held {
    fn fetch<'a>(
        &'a self,
        _: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        async move {
            let mut guard = CountDrop(Some(Arc::clone(&self.abandoned)));
            self.called.notify_one();
            let released = async {
                match &self.release {
                    Some(release) => drop(release.acquire().await),
                    None => std::future::pending().await,
                }
            };
            let outcome = context.cancellation.run_until_cancelled(released).await;
            guard.0 = None;
            outcome.ok_or(FetchError::Cancelled)?;
            let body = Bytes::from_static(br#"{"data":{"user":{"name":"Ada"}}}"#);
            Ok(stream::once(std::future::ready(Ok(body))).boxed())
        }
        .boxed()
    }
}

struct Served {
    address: std::net::SocketAddr,
    fetch: Arc<Held>,
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Served {
    /// Waits until a subgraph is called.
    async fn until_called(&self) {
        tokio::time::timeout(Duration::from_secs(10), self.fetch.called.notified()).await.expect("a call in time");
    }
}

async fn start(config: Config, release: Option<Semaphore>) -> Served {
    let fetch = Arc::new(Held { release, ..Held::default() });
    let gateway = Gateway::new(config, supergraph(), Arc::clone(&fetch) as _, Arc::new(Nothing)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
    let stop = shutdown.clone();
    let task = tokio::spawn(async move { gateway.serve(listener, stop).await });
    Served { address, fetch, shutdown, task }
}

async fn send(address: std::net::SocketAddr) -> TcpStream {
    let body = r#"{"query":"{ user(id: 1) { name } }"}"#;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn read_to_end(mut stream: TcpStream) -> String {
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text).await;
    text
}

#[tokio::test]
async fn requests_in_flight_finish_when_the_server_stops() {
    let served = start(Config::default(), Some(Semaphore::new(0))).await;
    let idle = TcpStream::connect(served.address).await.unwrap();
    let stream = send(served.address).await;
    served.until_called().await;
    served.shutdown.cancel();
    // Only once no connection is taken any more is the answer let go.
    let closed = async { while TcpStream::connect(served.address).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(10), closed).await.unwrap();
    served.fetch.release.as_ref().unwrap().add_permits(1);
    let text = read_to_end(stream).await;
    assert!(text.ends_with(r#"{"data":{"user":{"name":"Ada"}}}"#), "{text}");
    drop(idle);
    served.task.await.unwrap();
}

#[tokio::test]
async fn what_does_not_finish_is_cancelled_and_still_answered() {
    let mut config = Config::default();
    config.server.drain_timeout_ms = 50;
    let served = start(config, None).await;
    let stream = send(served.address).await;
    served.until_called().await;
    let start = Instant::now();
    served.shutdown.cancel();
    let text = read_to_end(stream).await;
    assert!(text.contains("SUBREQUEST_CANCELLED"), "{text}");
    served.task.await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_its_subgraph_calls() {
    let served = start(Config::default(), None).await;
    let stream = send(served.address).await;
    served.until_called().await;
    drop(stream);
    let gone = async {
        while served.fetch.abandoned.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), gone).await.unwrap();
    served.shutdown.cancel();
    served.task.await.unwrap();
}

#[tokio::test]
async fn a_request_whose_client_goes_before_it_is_answered_is_told_as_abandoned() {
    let fetch = Arc::new(Held::default());
    let gateway = Gateway::new(Config::default(), supergraph(), Arc::clone(&fetch) as _, Arc::new(Nothing)).unwrap();
    let body = Body::from(r#"{"query":"{ user(id: 1) { name } }"}"#);
    let request = Request::post("/graphql").header("content-type", "application/json").body(body).unwrap();
    let request = gateway.router().oneshot(request);
    tokio::select! {
        _ = request => panic!("nothing answers it"),
        () = fetch.called.notified() => {}
    }
    assert_eq!(fetch.abandoned.load(Ordering::SeqCst), 1, "its calls end with it");
    let metrics = Request::get("/metrics").body(Body::empty()).unwrap();
    let text = Answer::read(gateway.router().oneshot(metrics).await.unwrap()).await.text;
    assert!(text.contains("outcome=\"abandoned\"} 1") && !text.contains("outcome=\"ok\""), "{text}");
}

#[tokio::test]
async fn a_connection_that_sends_nothing_is_cut() {
    let mut config = Config::default();
    config.server.header_read_timeout_ms = 50;
    let served = start(config, None).await;
    let silent = TcpStream::connect(served.address).await.unwrap();
    let text = tokio::time::timeout(Duration::from_secs(5), read_to_end(silent)).await.unwrap();
    assert_eq!(text, "");
    served.shutdown.cancel();
    served.task.await.unwrap();
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut() {
    let mut config = Config::default();
    config.server.header_read_timeout_ms = 50;
    let served = start(config, None).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"POST /graphql HTTP/1.1\r\nhost:").await.unwrap();
    let text = tokio::time::timeout(Duration::from_secs(5), read_to_end(stream)).await.unwrap();
    assert!(!text.contains("200 OK"), "{text}");
    served.shutdown.cancel();
    served.task.await.unwrap();
}

#[tokio::test]
async fn long_urls_are_read_over_both_versions_of_http() {
    let served = start(Config::default(), None).await;
    let url = format!("http://{}/health/live?{}", served.address, "x".repeat(40_000));
    let old = reqwest::Client::builder().no_proxy().http1_only();
    let new = reqwest::Client::builder().no_proxy().http2_prior_knowledge();
    for client in [old.build().unwrap(), new.build().unwrap()] {
        assert_eq!(client.get(&url).send().await.unwrap().status().as_u16(), 200);
    }
    served.shutdown.cancel();
    served.task.await.unwrap();
}

#[tokio::test]
async fn requests_beyond_the_capacity_are_refused_at_once() {
    let mut config = Config::default();
    config.limits.concurrent_requests_max = 1;
    let served = start(config, Some(Semaphore::new(0))).await;
    let first = send(served.address).await;
    served.until_called().await;
    let body = r#"{"query":"{__typename}"}"#;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("http://{}/graphql", served.address)).header("content-type", "application/json");
    let second = request.body(body).send().await.unwrap();
    assert_eq!((second.status().as_u16(), second.headers()["retry-after"].to_str().unwrap()), (503, "1"));
    assert!(second.text().await.unwrap().contains("\"OVERLOADED\""));
    served.fetch.release.as_ref().unwrap().add_permits(1);
    served.shutdown.cancel();
    assert!(read_to_end(first).await.contains("Ada"));
    served.task.await.unwrap();
}

#[tokio::test]
async fn a_refused_request_leaves_its_connection_to_the_next_one() {
    let mut config = Config::default();
    config.limits.concurrent_requests_max = 1;
    let served = start(config, Some(Semaphore::new(0))).await;
    let mut first = send(served.address).await;
    served.until_called().await;
    let length = 1_000_000;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let mut second = TcpStream::connect(served.address).await.unwrap();
    second.write_all(format!("{head}content-length: {length}\r\n\r\n").as_bytes()).await.unwrap();
    second.write_all(&vec![b' '; length]).await.unwrap();
    let mut answer = [0; 12];
    second.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 503");
    served.fetch.release.as_ref().unwrap().add_permits(1);
    // Until it is answered it has its place.
    let mut room = [0; 12];
    first.read_exact(&mut room).await.unwrap();
    let body = r#"{"query":"{ user(id: 1) { name } }"}"#;
    let request = format!("{head}connection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    second.write_all(request.as_bytes()).await.unwrap();
    let text = read_to_end(second).await;
    assert!(text.contains("OVERLOADED") && text.ends_with(r#"{"data":{"user":{"name":"Ada"}}}"#), "{text}");
    served.shutdown.cancel();
    served.task.await.unwrap();
}
