//! Waits for the first bytes of a connection. The server tells HTTP/1.1 and HTTP/2 apart by them without a limit of time,
//! so that connections which send nothing, or a bit of a preface, would be held for ever.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// What an HTTP/2 client sends first (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Rest between two looks at a preface that came in pieces, which is rare: bytes that were seen don't wake again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    Http1,
    Http2,
}

/// What the first bytes are of; none if too little comes in time. Nothing is taken from the stream.
pub(super) async fn wait(stream: &TcpStream, time: Duration) -> Option<Speaks> {
    let told = async {
        let mut seen = [0; PREFACE.len()];
        loop {
            match stream.peek(&mut seen).await {
                Ok(0) | Err(_) => return None,
                Ok(count) if is_part_of_preface(seen.get(..count).unwrap_or_default()) => sleep(LOOK_AGAIN).await,
                Ok(_) if seen == PREFACE => return Some(Speaks::Http2),
                Ok(_) => return Some(Speaks::Http1),
            }
        }
    };
    timeout(time, told).await.unwrap_or(None)
}

/// Whether the bytes may still become a preface.
fn is_part_of_preface(bytes: &[u8]) -> bool {
    bytes.len() < PREFACE.len() && PREFACE.starts_with(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    /// Sends the pieces, then waits with the connection open.
    async fn told(pieces: &'static [&'static [u8]], time: Duration) -> Option<Speaks> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let send = async {
            for piece in pieces {
                client.write_all(piece).await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(wait(&server, time), send).0
    }

    #[tokio::test]
    async fn both_versions_are_told_by_their_first_bytes() {
        let long = Duration::from_secs(10);
        assert_eq!(told(&[b"POST"], long).await, Some(Speaks::Http1));
        assert_eq!(told(&[b"P", b"ATCH"], long).await, Some(Speaks::Http1));
        assert_eq!(told(&[b"PRI * HTTP/2.0\r\n", b"\r\nSM\r\n\r\n"], long).await, Some(Speaks::Http2));
    }

    #[tokio::test]
    async fn silence_and_a_bit_of_a_preface_are_given_up() {
        let short = Duration::from_millis(30);
        assert_eq!(told(&[], short).await, None);
        assert_eq!(told(&[b"PRI * H"], short).await, None);
    }
}
