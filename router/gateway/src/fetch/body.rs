//! Reads the body of an answer: whole, up to a limit that counts decoded bytes while they arrive.

use std::error::Error;
use std::pin::pin;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use executor::FetchError;
use http::Response;
use http_body::Body as HttpBody;
use http_body_util::BodyExt;

use super::causes;
use crate::decode::{Coding, decode, is_limit};

/// For each byte that has come, how many may have room made for them before they come: an answer that is announced and
/// doesn't come must not take its room.
const AHEAD: usize = 16;

/// Reads an answer's body.
pub(crate) async fn read_capped<B>(answer: Response<B>, bytes_max: usize) -> Result<Bytes, FetchError>
where
    B: HttpBody<Data = Bytes, Error: Error + Send + Sync + 'static> + Send + 'static,
{
    let coding = Coding::of(answer.headers());
    let coding = coding.ok_or_else(|| FetchError::Malformed("its content encoding is not known".to_owned()))?;
    let body = answer.into_body();
    let announced = body.size_hint().exact().unwrap_or(0);
    if announced > bytes_max as u64 {
        return Err(FetchError::TooLarge { limit_bytes: bytes_max });
    }
    if coding == Coding::Identity {
        let broke_off = |error: B::Error| FetchError::Unreachable(format!("the answer broke off: {}", causes(&error)));
        return join(body, (announced, bytes_max), broke_off).await;
    }
    let undecoded = |error: axum::Error| {
        if is_limit(&error) {
            return FetchError::TooLarge { limit_bytes: bytes_max };
        }
        FetchError::Malformed(format!("it is not what its content encoding says: {}", causes(&error)))
    };
    // Nothing is known of the size before it is decoded.
    join(decode(Body::new(body), coding, bytes_max), (0, bytes_max), undecoded).await
}

/// All bytes of a body. What came in one piece stays where it is.
async fn join<B: HttpBody<Data = Bytes>>(
    body: B,
    (announced, bytes_max): (u64, usize),
    fault: impl Fn(B::Error) -> FetchError,
) -> Result<Bytes, FetchError> {
    let mut body = pin!(body);
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(&fault)?.into_data() else { continue };
        let come = first.len().max(whole.len()).saturating_add(data.len());
        if come > bytes_max {
            return Err(FetchError::TooLarge { limit_bytes: bytes_max });
        }
        // A piece that is not all is given back at once: the connection reads the next one into it.
        let is_all = whole.is_empty() && first.is_empty() && announced <= data.len() as u64;
        if is_all {
            first = data;
            continue;
        }
        if come > whole.capacity() {
            whole.reserve(room(come, announced) - whole.len());
        }
        whole.extend_from_slice(&std::mem::take(&mut first));
        whole.extend_from_slice(&data);
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

/// For how many bytes room is made when so many have come and so many are announced.
fn room(come: usize, announced: u64) -> usize {
    usize::try_from(announced).map_or(come, |announced| announced.min(come.saturating_mul(AHEAD)).max(come))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_announced_takes_little_room_before_it_comes() {
        assert_eq!(room(1_000, 63_999_999), 16_000);
        assert_eq!(room(10_000, 100_000), 100_000);
        // Nothing is announced, or less than comes.
        assert_eq!(room(1_000, 0), 1_000);
        assert_eq!(room(1_000, 999), 1_000);
        assert_eq!(room(1_000, u64::MAX), 16_000);
        assert_eq!(room(usize::MAX, u64::MAX), usize::MAX);
    }

    #[tokio::test]
    async fn pieces_are_joined_and_one_piece_is_not_copied() {
        let one = Bytes::from_static(b"{\"data\":1}");
        let read = read_capped(Response::new(Body::from(one.clone())), 100).await.unwrap();
        assert_eq!((read.as_ptr(), read.len()), (one.as_ptr(), one.len()));
        let pieces = ["", "ab", "", "cd", "e"].map(|text| Ok::<_, std::io::Error>(Bytes::from_static(text.as_bytes())));
        let pieces = || {
            Response::new(Body::from_stream(futures::stream::iter(
                pieces.each_ref().map(|p| Ok::<_, std::io::Error>(p.as_ref().unwrap().clone())),
            )))
        };
        assert_eq!(read_capped(pieces(), 5).await.unwrap(), "abcde");
        assert!(matches!(read_capped(pieces(), 4).await, Err(FetchError::TooLarge { limit_bytes: 4 })));
    }
}
