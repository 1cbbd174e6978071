//! Serves a gateway until a signal, and its metrics at an address of their own if configured.

use std::time::Duration;

use axum::Router;
use gateway::config::Metrics;
use gateway::{Gateway, ServeOptions};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;
use crate::listen;

/// Slow senders don't hold connections.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);
/// Nor do those who stop reading.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// Of a subgraph or of metrics: callers are few, and they keep their connections.
const CONNECTIONS_MAX: usize = 1_000;
/// A scrape is written at once.
const SCRAPE_DRAIN: Duration = Duration::from_millis(500);

/// Listens for metrics if they are on and have an address; before anything is announced.
pub fn bind_metrics(config: &Metrics) -> Result<Option<TcpListener>, Failure> {
    match config.listen {
        Some(address) if config.enabled => Ok(Some(listen::bind(address)?)),
        _ => Ok(None),
    }
}

/// Serves until `shutdown`, drains, and returns when no connection is left.
pub async fn serve(
    gateway: &Gateway,
    listener: TcpListener,
    metrics: Option<TcpListener>,
    shutdown: CancellationToken,
) {
    let clients = gateway.serve(listener, shutdown.clone());
    let scrapers = async {
        if let Some(listener) = metrics {
            plain(listener, gateway.metrics_router(), SCRAPE_DRAIN, shutdown.clone()).await;
        }
    };
    tokio::join!(clients, scrapers);
}

/// Serves something other than a gateway until `shutdown`; requests in flight then get as long as `drain`.
pub async fn plain(listener: TcpListener, router: Router, drain: Duration, shutdown: CancellationToken) {
    let options = ServeOptions {
        header_read_timeout: HEADER_READ_TIMEOUT,
        write_timeout: WRITE_TIMEOUT,
        connections_max: CONNECTIONS_MAX,
        drain,
    };
    gateway::serve(listener, router, options, shutdown, CancellationToken::new()).await;
}
