//! How subgraphs are called: over HTTP or in process, by configuration, and always within time and size.

mod body;
mod circuit;
mod client;
mod endpoint;
mod guarded;
mod guards;
mod http;
mod in_process;
mod nodes;
mod read_after;
mod routed;
mod shared_flights;
mod window;

use std::sync::Arc;

use executor::Fetch;

pub(crate) use body::read_capped;
pub(crate) use circuit::Position;
pub(crate) use guards::Guards;
pub use in_process::{InProcess, InProcessAnswer, InProcessCall};
pub(crate) use nodes::NodesFetch;
pub(crate) use read_after::READ_AFTER;
pub use routed::RoutedFetch;

use crate::config::Subgraphs;
use crate::telemetry::metrics::Metrics;
use guarded::GuardedFetch;
use shared_flights::SharedFlights;

/// Puts around a fetch what the configuration asks for, whatever the way to a subgraph is: identical calls shared, then
/// retries and circuit breakers, then measurements. Failures are logged by the executor, which knows their path.
pub(crate) fn layered(
    fetch: Arc<dyn Fetch>,
    config: &Subgraphs,
    guards: &Guards,
    metrics: &Arc<Metrics>,
) -> Arc<dyn Fetch> {
    let guarded = Arc::new(GuardedFetch::new(fetch, guards.clone(), Arc::clone(metrics)));
    if config.share_calls { Arc::new(SharedFlights::new(guarded)) } else { guarded }
}

/// An error with its causes on one line, since the client library hides them.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;
