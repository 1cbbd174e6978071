//! Reads a request body up to its limit: the limit counts while bytes arrive, before anything else sees them.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use crate::refusal::{Refusal, RefusalKind};

/// Reads the whole body.
pub(super) async fn read(body: Body, bytes_max: usize, deadline: Instant) -> Result<Bytes, Refusal> {
    let too_large = || {
        let message = format!("the request body is larger than {bytes_max} bytes");
        Refusal::new(RefusalKind::TooLarge, "REQUEST_TOO_LARGE", message)
    };
    let announced = axum::body::HttpBody::size_hint(&body).lower();
    if announced > bytes_max as u64 {
        return Err(too_large());
    }
    let read = async {
        let mut body = body;
        let mut whole = BytesMut::new();
        let mut first = None;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Refusal::malformed("the request body broke off"))?;
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
    };
    match timeout_at(deadline, read).await {
        Ok(read) => read,
        Err(_) => {
            let message = "the request body did not arrive in time";
            Err(Refusal::new(RefusalKind::RequestTimeout, "REQUEST_TIMEOUT", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

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

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_given_up() {
        let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read(endless, 2, soon()).await.unwrap_err().kind, RefusalKind::RequestTimeout);
    }
}
