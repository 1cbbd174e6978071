//! Reads a request body up to its limit: the limit counts while bytes arrive, before anything else sees them.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use crate::decode::is_limit;
use crate::refusal::{Refusal, RefusalKind};

/// How much of a body that is too large is read on, and thrown away, in multiples of the limit: a client that still
/// writes would otherwise find the connection closed rather than the answer.
const DISCARDED_MAX_FACTOR: usize = 8;
/// And for how long.
const DISCARDING_MAX: Duration = Duration::from_secs(2);

/// Reads the whole body.
pub(crate) async fn read(mut body: Body, bytes_max: usize, deadline: Instant) -> Result<Bytes, Refusal> {
    match timeout_at(deadline, collect(&mut body, bytes_max)).await {
        Ok(Ok(whole)) => Ok(whole),
        Ok(Err(refusal)) => {
            if refusal.kind == RefusalKind::TooLarge {
                let until = deadline.min(Instant::now() + DISCARDING_MAX);
                // Whether all of it came or not: the answer is the same.
                let _ = timeout_at(until, discard(&mut body, bytes_max.saturating_mul(DISCARDED_MAX_FACTOR))).await;
            }
            Err(refusal)
        }
        Err(_) => {
            let message = "the request body did not arrive in time";
            Err(Refusal::new(RefusalKind::RequestTimeout, "REQUEST_TIMEOUT", message))
        }
    }
}

async fn collect(body: &mut Body, bytes_max: usize) -> Result<Bytes, Refusal> {
    let too_large = || {
        let message = format!("the request body is larger than {bytes_max} bytes");
        Refusal::new(RefusalKind::TooLarge, "REQUEST_TOO_LARGE", message)
    };
    let announced = axum::body::HttpBody::size_hint(body).lower();
    if announced > bytes_max as u64 {
        return Err(too_large());
    }
    let mut whole = BytesMut::new();
    let mut first = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| if is_limit(&error) { too_large() } else { broken() })?;
        let Ok(data) = frame.into_data() else { continue };
        let read = whole.len().saturating_add(first.as_ref().map_or(0, Bytes::len));
        if read.saturating_add(data.len()) > bytes_max {
            return Err(too_large());
        }
        // Most bodies arrive in one piece, which is taken as it is.
        match first.take() {
            None if whole.is_empty() => first = Some(data),
            None => whole.extend_from_slice(&data),
            Some(one) => {
                whole.extend_from_slice(&one);
                whole.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| whole.freeze()))
}

fn broken() -> Refusal {
    Refusal::malformed("the request body broke off, or is not what its content encoding says")
}

/// Reads on without keeping anything, up to the bound, or not at all where more than that is announced.
async fn discard(body: &mut Body, bytes_max: usize) {
    let announced = axum::body::HttpBody::size_hint(body).lower();
    if announced > bytes_max as u64 {
        return;
    }
    let mut left = bytes_max;
    while let Some(Ok(frame)) = body.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(5)
    }

    fn pieces(pieces: &[&'static str]) -> Body {
        let pieces: Vec<Result<Bytes, std::io::Error>> = pieces.iter().map(|piece| Ok(Bytes::from(*piece))).collect();
        Body::from_stream(futures::stream::iter(pieces))
    }

    #[tokio::test]
    async fn pieces_are_joined() {
        for parts in [&[][..], &["ab"], &["a", "b"], &["", "a", "", "b"]] {
            let whole: String = parts.concat();
            assert_eq!(read(pieces(parts), 2, soon()).await.unwrap(), whole.as_bytes());
        }
    }

    #[tokio::test]
    async fn the_limit_counts_while_pieces_arrive() {
        assert_eq!(read(pieces(&["ab", "c"]), 2, soon()).await.unwrap_err().kind, RefusalKind::TooLarge);
        assert_eq!(read(Body::from("abc"), 2, soon()).await.unwrap_err().kind, RefusalKind::TooLarge);
    }

    #[tokio::test]
    async fn what_is_too_large_is_read_on_so_that_the_client_hears_why() {
        let read_pieces = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counter = std::sync::Arc::clone(&read_pieces);
        let pieces = futures::stream::iter((0..100).map(move |_| {
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from("ab"))
        }));
        let refusal = read(Body::from_stream(pieces), 2, soon()).await.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::TooLarge);
        // Two to find out, then as much as is discarded at most.
        assert_eq!(read_pieces.load(std::sync::atomic::Ordering::Relaxed), 2 + DISCARDED_MAX_FACTOR);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_too_large_that_never_ends_is_given_up() {
        let begun = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from("abc"))]);
        let endless = Body::from_stream(futures::StreamExt::chain(begun, futures::stream::pending()));
        assert_eq!(read(endless, 2, soon()).await.unwrap_err().kind, RefusalKind::TooLarge);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_given_up() {
        let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read(endless, 2, soon()).await.unwrap_err().kind, RefusalKind::RequestTimeout);
    }
}
