//! How subgraphs are called: over HTTP or in process, by configuration, and always within time and size.

mod circuit;
mod endpoint;
mod guarded;
mod http;
mod in_process;
mod routed;
mod shared_flights;
mod window;

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use executor::{Fetch, FetchError};

pub(crate) use circuit::Position;
pub use in_process::{InProcess, InProcessCall};
pub use routed::RoutedFetch;

use crate::config::Subgraphs;
use crate::telemetry::metrics::Metrics;
use guarded::GuardedFetch;
use shared_flights::SharedFlights;

/// Puts around a fetch what the configuration asks for, whatever the way to a subgraph is: identical calls shared, then
/// retries and circuit breakers, then measurements. `names` are the subgraphs', by id. Failures are logged by the
/// executor, which knows their path.
pub(crate) fn layered(
    fetch: Arc<dyn Fetch>,
    config: &Subgraphs,
    names: Vec<String>,
    metrics: &Arc<Metrics>,
) -> Arc<dyn Fetch> {
    let guarded = Arc::new(GuardedFetch::new(fetch, config, names, metrics));
    if config.share_calls { Arc::new(SharedFlights::new(guarded)) } else { guarded }
}

/// Reads an answer's body up to a limit, which counts while bytes arrive.
pub(crate) async fn read_capped(mut answer: reqwest::Response, bytes_max: usize) -> Result<Bytes, FetchError> {
    let too_large = || FetchError::TooLarge { limit_bytes: bytes_max };
    let announced = answer.content_length().unwrap_or(0);
    if announced > bytes_max as u64 {
        return Err(too_large());
    }
    let mut whole = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0));
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if whole.len().saturating_add(chunk.len()) > bytes_max => return Err(too_large()),
            Ok(Some(chunk)) => whole.extend_from_slice(&chunk),
            Ok(None) => return Ok(whole.freeze()),
            Err(error) => return Err(FetchError::Unreachable(format!("the answer broke off: {}", causes(&error)))),
        }
    }
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
