//! Measures each call of a subgraph, whatever makes it. Failures are logged by the executor, which knows their path.

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
}

impl Fetch for MeasuredFetch {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        async move {
            let name = self.names.get(usize::from(request.subgraph.0)).map_or("unknown", String::as_str);
            let start = Instant::now();
            let answer = self.inner.fetch(request, context).await;
            self.metrics.called(name, answer.as_ref().err().map_or("ok", FetchError::code), start.elapsed());
            answer
        }
        .boxed()
    }
}
