//! Counters kept elsewhere in the process and read when metrics are: the SQL statements of a subgraph, for one.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;

/// Reads a counter's value, which never falls.
pub type ReadCounter = Arc<dyn Fn() -> u64 + Send + Sync>;

/// A counter by one label.
pub struct ExternalCounter {
    /// Its name without `_total`.
    pub name: &'static str,
    /// What it counts.
    pub help: &'static str,
    /// The label's name.
    pub label: &'static str,
    /// The label's values, each with its reader.
    pub values: Vec<(String, ReadCounter)>,
}

impl Collector for ExternalCounter {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let Some((_, first)) = self.values.first() else { return Ok(()) };
        let kind = ConstCounter::new(first()).metric_type();
        let mut metric = encoder.encode_descriptor(self.name, self.help, None, kind)?;
        for (value, read) in &self.values {
            let labels = [(self.label, value.as_str())];
            ConstCounter::new(read()).encode(metric.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

impl fmt::Debug for ExternalCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalCounter").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::metrics::Metrics;

    #[test]
    fn values_are_read_when_metrics_are() {
        let metrics = Metrics::new(&crate::config::Metrics::default());
        let read = |value: u64| Arc::new(move || value) as ReadCounter;
        metrics.register(Box::new(ExternalCounter {
            name: "db_client_statements",
            help: "SQL statements",
            label: "service",
            values: vec![("users".into(), read(3)), ("orders".into(), read(4))],
        }));
        let text = metrics.text(None);
        assert!(text.contains("db_client_statements_total{service=\"users\"} 3"), "{text}");
        assert!(text.contains("db_client_statements_total{service=\"orders\"} 4"), "{text}");
        assert_eq!(text.matches("# TYPE db_client_statements counter").count(), 1);
    }
}
