//! Serves connections, and stops in order: no new ones, requests in flight finish, the rest is cancelled.

use std::fmt::Display;
use std::future::pending;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
///
/// # Errors
/// None today: a listener's faults are waited out.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    options: Options,
    shutdown: CancellationToken,
    stop: CancellationToken,
) -> io::Result<()> {
    let builder = Arc::new(builder(options));
    let connections = Arc::new(Semaphore::new(options.connections_max.min(Semaphore::MAX_PERMITS)));
    let (tracker, cut) = (TaskTracker::new(), CancellationToken::new());
    while let Some(stream) = shutdown.run_until_cancelled(accept(&listener)).await {
        let Some(Ok(permit)) = shutdown.run_until_cancelled(Arc::clone(&connections).acquire_owned()).await else {
            break;
        };
        let connection = Connection {
            stream,
            builder: Arc::clone(&builder),
            router: router.clone(),
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
    Ok(())
}

/// One accepted connection.
struct Connection {
    stream: TcpStream,
    builder: Arc<Builder<TokioExecutor>>,
    router: Router,
    options: Options,
    /// Asks it to end once its requests are answered.
    shutdown: CancellationToken,
    /// Ends it.
    cut: CancellationToken,
}

impl Connection {
    async fn serve(self) {
        let Self { stream, builder, router, options, shutdown, cut } = self;
        let first = first_bytes::wait(&stream, options.header_read_timeout);
        let Some(Some(speaks)) = shutdown.run_until_cancelled(first).await else { return };
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(options.write_timeout));
        let (unread, open) = (Unread::default(), OpenRequests::default());
        let service = Watched { service: router, unread: unread.clone(), open: open.clone() };
        let served =
            builder.serve_connection_with_upgrades(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(service));
        let mut served = pin!(served);
        // The server itself sees to connections of HTTP/1.1 that rest.
        let rests = || async {
            match speaks {
                Speaks::Http1 => pending().await,
                Speaks::Http2 => open.none_for(options.header_read_timeout).await,
            }
        };
        let ends = async {
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = rests() => {}
            }
        };
        let cut_off = async {
            tokio::select! {
                () = cut.cancelled() => {}
                () = unread.overdue(options.write_timeout) => tracing::debug!("a client does not take its responses"),
            }
        };
        let mut cut_off = pin!(cut_off);
        tokio::select! {
            () = cut_off.as_mut() => return,
            outcome = served.as_mut() => return told(outcome),
            () = ends => served.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            () = cut_off => {}
            outcome = served => told(outcome),
            // It was told to end, and doesn't.
            () = rests() => {}
        }
    }
}

fn told<E: Display>(outcome: Result<(), E>) {
    if let Err(error) = outcome {
        tracing::debug!("a connection broke: {error}");
    }
}

fn builder(options: Options) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(options.header_read_timeout)
        .max_buf_size(HEAD_BYTES_MAX as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_BYTES_MAX)
        .keep_alive_interval(Some(KEEP_ALIVE));
    builder
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
