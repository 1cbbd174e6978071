//! Bodies in compressed form, of clients and of subgraphs: decoded while they arrive, so that whoever counts bytes counts
//! decoded ones.

use axum::body::Body;
use futures::TryStreamExt;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http_body_util::{LengthLimitError, Limited};
use tokio::io::AsyncRead;
use tokio_util::io::{ReaderStream, StreamReader};

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;

/// The base-2 logarithm of the memory that a zstd body may ask for: 8 MiB, as RFC 8878 §3.1.1.1.2 advises. A few bytes can
/// announce 128 MiB.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// Bytes decoded at once.
const PIECE_BYTES: usize = 32 * 1024;

/// How a body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Not at all.
    Identity,
    Gzip,
    /// Named `deflate`, which is the zlib form (RFC 9110 §8.4.1.2).
    Zlib,
    Brotli,
    Zstd,
}

impl Coding {
    /// What the header says; `None` for codings that aren't known, and for several at once, which nobody sends.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(CONTENT_ENCODING).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => return Some(Self::Identity),
            (Some(value), None) => value.to_str().ok()?.trim().to_ascii_lowercase(),
            (Some(_), Some(_)) => return None,
        };
        match value.as_str() {
            "" | "identity" => Some(Self::Identity),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Zlib),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// The decoded body. Not more than `bytes_max` encoded bytes are read: some codings have forms that decode to nothing,
/// of which one could send for ever.
pub(crate) fn decode(body: Body, coding: Coding, bytes_max: usize) -> Body {
    if coding == Coding::Identity {
        return body;
    }
    let limited = Body::new(Limited::new(body, bytes_max));
    let reader = StreamReader::new(limited.into_data_stream().map_err(std::io::Error::other));
    match coding {
        Coding::Identity => Body::empty(),
        Coding::Gzip => {
            let mut decoder = GzipDecoder::new(reader);
            decoder.multiple_members(true);
            stream(decoder)
        }
        Coding::Zlib => stream(ZlibDecoder::new(reader)),
        Coding::Brotli => stream(BrotliDecoder::new(reader)),
        Coding::Zstd => {
            let window = DParameter::window_log_max(ZSTD_WINDOW_LOG_MAX);
            let mut decoder = ZstdDecoder::with_params(reader, &[window]);
            decoder.multiple_members(true);
            stream(decoder)
        }
    }
}

/// Whether a body was cut off because too much of it came encoded.
pub(crate) fn is_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<LengthLimitError>() {
            return true;
        }
        // What an I/O error wraps is not among its sources.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = wrapped.map(|error| error as &(dyn std::error::Error + 'static)).or_else(|| error.source());
    }
    false
}

fn stream(decoder: impl AsyncRead + Send + 'static) -> Body {
    Body::from_stream(ReaderStream::with_capacity(decoder, PIECE_BYTES))
}

#[cfg(test)]
mod tests {
    use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::http::body::unfold;
    use crate::refusal::RefusalKind;

    const CODINGS: [Coding; 4] = [Coding::Gzip, Coding::Zlib, Coding::Brotli, Coding::Zstd];

    async fn encode(coding: Coding, text: &[u8]) -> Vec<u8> {
        let mut encoded = Vec::new();
        match coding {
            Coding::Identity => return text.to_vec(),
            Coding::Gzip => GzipEncoder::new(text).read_to_end(&mut encoded).await,
            Coding::Zlib => ZlibEncoder::new(text).read_to_end(&mut encoded).await,
            Coding::Brotli => BrotliEncoder::new(text).read_to_end(&mut encoded).await,
            Coding::Zstd => ZstdEncoder::new(text).read_to_end(&mut encoded).await,
        }
        .unwrap();
        encoded
    }

    async fn decoded(body: Vec<u8>, coding: Coding, bytes_max: usize) -> Result<Vec<u8>, RefusalKind> {
        let whole = unfold(decode(Body::from(body), coding, bytes_max), bytes_max).await;
        whole.map(|bytes| bytes.to_vec()).map_err(|refusal| refusal.kind)
    }

    #[tokio::test]
    async fn bodies_are_decoded() {
        for coding in CODINGS {
            let encoded = encode(coding, b"{\"query\":\"{a}\"}").await;
            assert_eq!(decoded(encoded, coding, 100).await.unwrap(), b"{\"query\":\"{a}\"}", "{coding:?}");
        }
    }

    #[tokio::test]
    async fn bombs_are_defused_while_they_unfold() {
        let zeros = vec![b'0'; 8 * 1024 * 1024];
        for coding in CODINGS {
            let bomb = encode(coding, &zeros).await;
            assert!(bomb.len() < 100_000, "{coding:?} {}", bomb.len());
            assert_eq!(decoded(bomb, coding, 1_000_000).await.unwrap_err(), RefusalKind::TooLarge, "{coding:?}");
        }
    }

    #[tokio::test]
    async fn what_decodes_to_nothing_does_not_go_on_for_ever() {
        // A member of gzip with nothing in it, over and over.
        let nothing = encode(Coding::Gzip, b"").await;
        let endless =
            futures::stream::repeat_with(move || Ok::<_, std::io::Error>(bytes::Bytes::from(nothing.clone())));
        let refusal = unfold(decode(Body::from_stream(endless), Coding::Gzip, 10_000), 10_000).await.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::TooLarge);
    }

    #[tokio::test]
    async fn a_window_beyond_the_advice_is_refused() {
        // A frame's head that asks for a window of 128 MiB, and a raw block of one byte.
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x09, 0x00, 0x00, b'1'];
        assert_eq!(decoded(frame.to_vec(), Coding::Zstd, 1_000).await.unwrap_err(), RefusalKind::Malformed);
    }

    #[tokio::test]
    async fn broken_bodies_are_malformed() {
        for coding in CODINGS {
            let mut cut = encode(coding, &b"0123456789".repeat(100)).await;
            cut.truncate(cut.len() / 2);
            assert_eq!(decoded(cut, coding, 10_000).await.unwrap_err(), RefusalKind::Malformed, "{coding:?}");
            assert!(decoded(b"{\"query\":\"{a}\"}".to_vec(), coding, 100).await.is_err(), "{coding:?}");
        }
    }

    #[test]
    fn unknown_codings_and_several_are_not_read() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, value.parse().unwrap());
            Coding::of(&headers)
        };
        assert_eq!(Coding::of(&HeaderMap::new()), Some(Coding::Identity));
        assert_eq!([of("GZIP"), of("br"), of("zstd")], [Coding::Gzip, Coding::Brotli, Coding::Zstd].map(Some));
        assert_eq!([of("gzip, br"), of("compress"), of("snappy")], [None; 3]);
    }
}
