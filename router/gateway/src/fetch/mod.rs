//! How subgraphs are called: over HTTP or in process, by configuration, and always within time and size.

mod circuit;
mod endpoint;
mod guarded;
mod guards;
mod http;
mod in_process;
mod routed;
mod shared_flights;
mod window;

use std::sync::Arc;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use executor::{Fetch, FetchError};
use http_body_util::BodyExt;

pub(crate) use circuit::Position;
pub(crate) use guards::Guards;
pub use in_process::{InProcess, InProcessCall};
pub use routed::RoutedFetch;

use crate::config::Subgraphs;
use crate::decode::{Coding, decode, is_limit};
use crate::telemetry::metrics::Metrics;
use guarded::GuardedFetch;
use shared_flights::SharedFlights;

/// Bytes for which room is made before they come: an answer that is announced and doesn't come must not take its room.
const RESERVED_MAX: usize = 64 * 1024;

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

/// Reads an answer's body up to a limit, which counts decoded bytes while they arrive.
pub(crate) async fn read_capped(answer: reqwest::Response, bytes_max: usize) -> Result<Bytes, FetchError> {
    let too_large = || FetchError::TooLarge { limit_bytes: bytes_max };
    let coding = Coding::of(answer.headers());
    let coding = coding.ok_or_else(|| FetchError::Malformed("its content encoding is not known".to_owned()))?;
    let announced = answer.content_length().unwrap_or(0);
    if announced > bytes_max as u64 {
        return Err(too_large());
    }
    let mut whole = BytesMut::with_capacity(reserved(announced, coding));
    let mut body = decode(Body::from_stream(answer.bytes_stream()), coding, bytes_max);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| match coding {
            _ if is_limit(&error) => too_large(),
            Coding::Identity => FetchError::Unreachable(format!("the answer broke off: {}", causes(&error))),
            _ => FetchError::Malformed(format!("it is not what its content encoding says: {}", causes(&error))),
        })?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.len().saturating_add(data.len()) > bytes_max {
            return Err(too_large());
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

/// The bytes for which room is made before they come.
fn reserved(announced: u64, coding: Coding) -> usize {
    if coding == Coding::Identity { usize::try_from(announced).map_or(0, |bytes| bytes.min(RESERVED_MAX)) } else { 0 }
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
