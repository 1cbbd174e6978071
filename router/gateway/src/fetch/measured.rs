//! Measures each call of a subgraph, whatever makes it, and logs those that fail.

use std::sync::Arc;
use std::time::Instant;

use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use futures::FutureExt;
use futures::future::BoxFuture;

use super::routed::SharedFetch;
use crate::telemetry::metrics::Metrics;

/// A fetch with its measurements.
pub(crate) struct MeasuredFetch {
    inner: SharedFetch,
    metrics: Arc<Metrics>,
    /// By subgraph id.
    names: Vec<String>,
}

impl MeasuredFetch {
    pub(crate) fn new(inner: SharedFetch, metrics: Arc<Metrics>, names: Vec<String>) -> Self {
        Self { inner, metrics, names }
    }

    fn measure(
        &self,
        subgraph: usize,
        took: std::time::Duration,
        error: Option<&FetchError>,
        context: &RequestContext,
    ) {
        let name = self.names.get(subgraph).map_or("unknown", String::as_str);
        self.metrics.called(name, error.map_or("ok", FetchError::code), took);
        match error {
            None | Some(FetchError::Cancelled) => {}
            Some(error) => tracing::warn!(
                trace_id = &*context.trace_id,
                subgraph = name,
                code = error.code(),
                duration_ms = took.as_secs_f64() * 1000.0,
                "a subgraph call failed: {error}"
            ),
        }
    }
}

impl Fetch for MeasuredFetch {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        async move {
            let subgraph = usize::from(request.subgraph.0);
            let start = Instant::now();
            let answer = self.inner.fetch(request, context).await;
            self.measure(subgraph, start.elapsed(), answer.as_ref().err(), context);
            answer
        }
        .boxed()
    }
}
