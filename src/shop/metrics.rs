//! Where the services' metrics are served: at a process' own address or another one, and in `dev` among the router's.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use futures::future::BoxFuture;
use gateway::{Collector, DescriptorEncoder, ExternalMetrics};
use kit::Metrics;
use kit::metrics;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::config::MetricsConfig;
use crate::failure::Failure;
use crate::{listen, serving};

/// A scrape is written within about two seconds.
const DRAIN: Duration = Duration::from_millis(500);

/// The argument that says where.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct MetricsArguments {
    /// Another address for `/metrics`, which is then not served at the process' own; port 0 takes a free port
    #[arg(long, env = "SUPERGRAPH_METRICS_LISTEN", value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
}

/// Where a process serves its metrics.
pub struct MetricsPlace {
    metrics: Metrics,
    is_served: bool,
    listener: Option<TcpListener>,
}

impl MetricsArguments {
    /// Listens at the other address, if there is one.
    pub fn open(&self, metrics: &Metrics, config: &MetricsConfig) -> Result<MetricsPlace, Failure> {
        let address = self.metrics_listen.filter(|_| config.enabled);
        let listener = address.map(listen::bind).transpose()?;
        Ok(MetricsPlace { metrics: metrics.clone(), is_served: config.enabled, listener })
    }
}

impl MetricsPlace {
    /// Serves what the process serves, and its metrics there or elsewhere, until `shutdown`.
    pub async fn serve(
        self,
        what: &str,
        listener: TcpListener,
        (router, drain): (Router, Duration),
        shutdown: CancellationToken,
    ) -> Result<(), Failure> {
        let told = routes(self.metrics);
        let Some(other) = self.listener else {
            let router = if self.is_served { router.merge(told) } else { router };
            listen::announce(what, &listener, None)?;
            serving::plain(listener, router, drain, shutdown).await;
            return Ok(());
        };
        let address = other.local_addr().map_err(Failure::environment)?;
        listen::announce(what, &listener, Some(&format!("metrics at http://{address}/metrics")))?;
        let (own, scrapers) =
            (serving::plain(listener, router, drain, shutdown.clone()), serving::plain(other, told, DRAIN, shutdown));
        tokio::join!(own, scrapers);
        Ok(())
    }
}

fn routes(metrics: Metrics) -> Router {
    let text = move || {
        let metrics = metrics.clone();
        async move { ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], metrics.text().await) }
    };
    Router::new().route("/metrics", get(text))
}

/// The services' metrics as a part of the router's.
pub struct AmongRouters(pub Metrics);

impl ExternalMetrics for AmongRouters {
    fn refresh(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.0.refresh())
    }
}

impl Collector for AmongRouters {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.0.encode(encoder)
    }
}

impl fmt::Debug for AmongRouters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
