//! Metrics kept elsewhere in the process and told among the router's: those of subgraphs in it, for one.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;

/// Metrics of somebody else. Their names must be none of the router's.
pub trait ExternalMetrics: Collector {
    /// Looks at what has to be looked at before it is told. Scrapers wait for it, so it must have a bound.
    fn refresh(&self) -> BoxFuture<'_, ()>;
}

/// One of these in a registry.
#[derive(Debug)]
pub(super) struct Registered(pub Arc<dyn ExternalMetrics>);

impl Collector for Registered {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        self.0.encode(encoder)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use prometheus_client::encoding::EncodeMetric;
    use prometheus_client::metrics::counter::ConstCounter;

    use super::*;
    use crate::telemetry::metrics::Metrics;

    #[derive(Debug, Default)]
    struct Looks(AtomicU64);

    impl ExternalMetrics for Looks {
        fn refresh(&self) -> BoxFuture<'_, ()> {
            Box::pin(async {
                self.0.fetch_add(1, Ordering::Relaxed);
            })
        }
    }

    impl Collector for Looks {
        fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
            let looks = ConstCounter::new(self.0.load(Ordering::Relaxed));
            looks.encode(encoder.encode_descriptor("looks", "Looks", None, looks.metric_type())?)
        }
    }

    #[tokio::test]
    async fn others_look_before_they_tell() {
        let metrics = Metrics::new(&crate::config::Metrics::default());
        metrics.register(Arc::new(Looks::default()));
        for looks in 1..3 {
            metrics.refresh().await;
            let text = metrics.text(None);
            assert!(text.contains(&format!("\nlooks_total {looks}\n")), "{text}");
        }
    }
}
