//! How subgraphs are called: over HTTP or in process, by configuration, and always within time and size.

mod endpoint;
mod http;
mod in_process;
mod measured;
mod routed;

use bytes::{Bytes, BytesMut};

pub use in_process::{InProcess, InProcessCall};
pub(crate) use measured::MeasuredFetch;
pub use routed::RoutedFetch;

use executor::FetchError;

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
