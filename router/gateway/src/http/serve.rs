//! Serves connections, and stops in order: no new ones, requests in flight finish, the rest is cancelled.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use super::first_bytes::{self, Speaks};
use super::resting::OpenRequests;
use super::unread::{Unread, Watched};

/// Bytes of a request's head: URLs of GET queries included.
const HEAD_BYTES_MAX: u32 = 128 * 1024;
/// Requests that one HTTP/2 connection may have open.
const STREAMS_MAX: u32 = 256;
/// Between two signs of life asked of an HTTP/2 client: one that went without a word must not hold a connection.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// What cancelled requests get to say so before their connections are cut.
const LAST_WORDS: Duration = Duration::from_millis(250);
/// Rest after an accept that failed for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How connections are served.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Time for a request's head to arrive.
    pub header_read_timeout: Duration,
    /// Time within which a client has to take something of what it is sent.
    pub write_timeout: Duration,
    /// Connections at the same time.
    pub connections_max: usize,
    /// Time for requests in flight once the server stops.
    pub drain: Duration,
}

/// Serves until `shutdown`; `stop` is cancelled when the time to drain is over, for requests to give up.
/// A listener's faults are waited out.
pub async fn serve<S>(
    listener: TcpListener,
    service: S,
    options: Options,
    shutdown: CancellationToken,
    stop: CancellationToken,
) where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let protocols = Arc::new(Protocols::new(options));
    let connections = Arc::new(Semaphore::new(options.connections_max.min(Semaphore::MAX_PERMITS)));
    let (tracker, cut) = (TaskTracker::new(), CancellationToken::new());
    while let Some(stream) = shutdown.run_until_cancelled(accept(&listener)).await {
        let Some(Ok(permit)) = shutdown.run_until_cancelled(Arc::clone(&connections).acquire_owned()).await else {
            break;
        };
        let connection = Connection {
            stream,
            protocols: Arc::clone(&protocols),
            service: service.clone(),
            options,
            shutdown: shutdown.clone(),
            cut: cut.clone(),
        };
        tracker.spawn(async move {
            connection.serve().await;
            drop(permit);
        });
    }
    drop(listener);
    tracker.close();
    if timeout(options.drain, tracker.wait()).await.is_err() {
        stop.cancel();
        let _ = timeout(LAST_WORDS, tracker.wait()).await;
    }
    cut.cancel();
    tracker.wait().await;
}

/// One accepted connection.
struct Connection<S> {
    stream: TcpStream,
    protocols: Arc<Protocols>,
    service: S,
    options: Options,
    /// Asks it to end once its requests are answered.
    shutdown: CancellationToken,
    /// Ends it.
    cut: CancellationToken,
}

impl<S> Connection<S>
where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    async fn serve(self) {
        let first = first_bytes::wait(&self.stream, self.options.header_read_timeout);
        let Some(Some(speaks)) = self.shutdown.run_until_cancelled(first).await else { return };
        let mut stream = TimeoutStream::new(self.stream);
        stream.set_write_timeout(Some(self.options.write_timeout));
        let stream = TokioIo::new(Box::pin(stream));
        let (unread, open) = (Unread::default(), OpenRequests::default());
        let service = Watched { service: self.service, unread: unread.clone(), open: open.clone() };
        let service = TowerToHyperService::new(service);
        let ends = Ends { options: self.options, shutdown: self.shutdown, cut: self.cut, unread };
        match speaks {
            // The server itself sees to those that rest.
            Speaks::Http1 => {
                let served = self.protocols.http1.serve_connection(stream, service);
                ends.watch(served, pending).await;
            }
            Speaks::Http2 => {
                let served = self.protocols.http2.serve_connection(stream, service);
                ends.watch(served, || open.none_for(self.options.header_read_timeout)).await;
            }
        }
    }
}

/// What ends a connection.
struct Ends {
    options: Options,
    shutdown: CancellationToken,
    cut: CancellationToken,
    unread: Unread,
}

/// How a connection ends that does not by itself.
enum End {
    /// Its requests are answered first.
    InOrder,
    AtOnce,
}

impl Ends {
    /// Serves a connection to its end; it is told to end once it has rested.
    async fn watch<C, R>(self, served: C, rests: impl Fn() -> R)
    where
        C: GracefulConnection<Error: Display>,
        R: Future<Output = ()> + Send,
    {
        let Self { options, shutdown, cut, unread } = self;
        let mut served = pin!(served);
        // Each is polled when it is woken, and not whenever the connection is.
        let mut ends = FuturesUnordered::from_iter([
            shutdown.cancelled().map(|()| End::InOrder).boxed(),
            rests().map(|()| End::InOrder).boxed(),
            cut.cancelled().map(|()| End::AtOnce).boxed(),
            unread.overdue(options.write_timeout).map(|()| End::AtOnce).boxed(),
        ]);
        loop {
            tokio::select! {
                biased;
                outcome = served.as_mut() => return told(outcome),
                Some(end) = ends.next() => match end {
                    End::InOrder => {
                        served.as_mut().graceful_shutdown();
                        // It was told to end, and may not.
                        ends.push(rests().map(|()| End::AtOnce).boxed());
                    }
                    End::AtOnce => return,
                },
            }
        }
    }
}

fn told<E: Display>(outcome: Result<(), E>) {
    if let Err(error) = outcome {
        tracing::debug!("a connection broke: {error}");
    }
}

/// How each version of the protocol is spoken.
struct Protocols {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Protocols {
    fn new(options: Options) -> Self {
        let mut http1 = http1::Builder::new();
        http1
            .timer(TokioTimer::new())
            .header_read_timeout(options.header_read_timeout)
            .max_buf_size(HEAD_BYTES_MAX as usize);
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS_MAX)
            .max_header_list_size(HEAD_BYTES_MAX)
            .keep_alive_interval(Some(KEEP_ALIVE));
        Self { http1, http2 }
    }
}

/// The next connection. A failed accept concerns one connection, or passes when descriptors are free again.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) => {
                tracing::warn!("a connection cannot be accepted: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
