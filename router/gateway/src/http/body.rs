//! Reads a request body up to its limit: the limit counts while bytes arrive, before anything else sees them.
//!
//! What arrives is kept as it comes: a compressed body is decoded only once all of it is there, since a few bytes can
//! unfold to many, which nobody may let us hold while we wait for the rest.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use crate::decode::is_limit;
use crate::refusal::{Refusal, RefusalKind};

/// How much of a body that is too large is read on, and thrown away, in multiples of the limit: a client that still
/// writes would otherwise find the connection closed rather than the answer.
const DISCARDED_MAX_FACTOR: usize = 8;
/// And for how long.
const DISCARDING_MAX: Duration = Duration::from_secs(2);

/// Within what a body has to arrive.
pub(crate) struct Bounds {
    /// Bytes of it.
    pub bytes_max: usize,
    /// Between two pieces of it.
    pub idle_max: Duration,
    /// For all of it.
    pub deadline: Instant,
    /// A permit for each byte that may be held of all bodies together.
    pub room: Arc<Semaphore>,
}

/// A body as it came, which counts as held until it is dropped.
pub(crate) struct Received {
    /// All of it.
    pub bytes: Bytes,
    #[expect(dead_code, reason = "it is there to be dropped with the bytes")]
    room: Option<OwnedSemaphorePermit>,
}

/// Reads the whole body.
pub(crate) async fn receive(mut body: Body, bounds: &Bounds) -> Result<Received, Refusal> {
    match timeout_at(bounds.deadline, collect(&mut body, bounds)).await {
        Ok(Ok(received)) => Ok(received),
        Ok(Err(refusal)) => {
            if matches!(refusal.kind, RefusalKind::TooLarge | RefusalKind::Overloaded) {
                throw_away(body, bounds, DISCARDED_MAX_FACTOR).await;
            }
            Err(refusal)
        }
        Err(_) => Err(late()),
    }
}

/// Takes a body that nobody wants, of that many times the limit at most: see [`DISCARDED_MAX_FACTOR`].
pub(super) async fn throw_away(mut body: Body, bounds: &Bounds, factor_max: usize) {
    let until = bounds.deadline.min(Instant::now() + DISCARDING_MAX);
    // Whether all of it came or not: the answer is the same.
    let _ = timeout_at(until, discard(&mut body, bounds.bytes_max.saturating_mul(factor_max))).await;
}

/// Takes a body that is there already to its end: what is left to do is decoding.
pub(crate) async fn unfold(mut body: Body, bytes_max: usize) -> Result<Bytes, Refusal> {
    let mut whole = Pieces::default();
    while let Some(piece) = next(&mut body, bytes_max).await? {
        whole.push(piece, bytes_max)?;
    }
    Ok(whole.joined())
}

async fn collect(body: &mut Body, bounds: &Bounds) -> Result<Received, Refusal> {
    let announced = axum::body::HttpBody::size_hint(body).lower();
    if announced > bounds.bytes_max as u64 {
        return Err(too_large(bounds.bytes_max));
    }
    let (mut whole, mut room) = (Pieces::default(), None);
    while let Some(piece) = timeout(bounds.idle_max, next(body, bounds.bytes_max)).await.map_err(|_| late())?? {
        take_room(&bounds.room, piece.len(), &mut room)?;
        whole.push(piece, bounds.bytes_max)?;
    }
    Ok(Received { bytes: whole.joined(), room })
}

/// The next piece of a body; none at its end.
async fn next(body: &mut Body, bytes_max: usize) -> Result<Option<Bytes>, Refusal> {
    match body.frame().await.transpose() {
        // What is no data is a trailer, which nobody asked for.
        Ok(frame) => Ok(frame.map(|frame| frame.into_data().unwrap_or_default())),
        Err(error) if is_limit(&error) => Err(too_large(bytes_max)),
        Err(_) => Err(broken()),
    }
}

fn take_room(room: &Arc<Semaphore>, length: usize, taken: &mut Option<OwnedSemaphorePermit>) -> Result<(), Refusal> {
    let full = || {
        let message = "too many bytes of requests are being received; try again";
        Refusal::new(RefusalKind::Overloaded, "OVERLOADED", message)
    };
    let permits = u32::try_from(length).map_err(|_| full())?;
    let more = Arc::clone(room).try_acquire_many_owned(permits).map_err(|_| full())?;
    match taken {
        Some(taken) => taken.merge(more),
        None => *taken = Some(more),
    }
    Ok(())
}

/// What has come of a body.
#[derive(Default)]
struct Pieces {
    /// Most bodies arrive in one piece, which is taken as it is.
    first: Option<Bytes>,
    whole: BytesMut,
}

impl Pieces {
    fn push(&mut self, piece: Bytes, bytes_max: usize) -> Result<(), Refusal> {
        let read = self.whole.len() + self.first.as_ref().map_or(0, Bytes::len);
        if read.saturating_add(piece.len()) > bytes_max {
            return Err(too_large(bytes_max));
        }
        match self.first.take() {
            None if self.whole.is_empty() => self.first = Some(piece),
            None => self.whole.extend_from_slice(&piece),
            Some(one) => {
                self.whole.extend_from_slice(&one);
                self.whole.extend_from_slice(&piece);
            }
        }
        Ok(())
    }

    fn joined(self) -> Bytes {
        self.first.unwrap_or_else(|| self.whole.freeze())
    }
}

fn too_large(bytes_max: usize) -> Refusal {
    let message = format!("the request body is larger than {bytes_max} bytes");
    Refusal::new(RefusalKind::TooLarge, "REQUEST_TOO_LARGE", message)
}

fn late() -> Refusal {
    Refusal::new(RefusalKind::RequestTimeout, "REQUEST_TIMEOUT", "the request body did not arrive in time")
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

    async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Refusal> {
        let (idle_max, deadline) = (Duration::from_secs(60), Instant::now() + Duration::from_secs(5));
        let bounds = Bounds { bytes_max, idle_max, deadline, room: Arc::new(Semaphore::new(1_000)) };
        let received = receive(body, &bounds).await;
        let taken = 1_000 - bounds.room.available_permits();
        assert_eq!(received.as_ref().map_or(0, |received| received.bytes.len()), taken);
        received.map(|received| received.bytes)
    }

    fn pieces(pieces: &[&'static str]) -> Body {
        let pieces: Vec<Result<Bytes, std::io::Error>> = pieces.iter().map(|piece| Ok(Bytes::from(*piece))).collect();
        Body::from_stream(futures::stream::iter(pieces))
    }

    #[tokio::test]
    async fn pieces_are_joined() {
        for parts in [&[][..], &["ab"], &["a", "b"], &["", "a", "", "b"]] {
            let whole: String = parts.concat();
            assert_eq!(read(pieces(parts), 2).await.unwrap(), whole.as_bytes());
        }
    }

    #[tokio::test]
    async fn the_limit_counts_while_pieces_arrive() {
        assert_eq!(read(pieces(&["ab", "c"]), 2).await.unwrap_err().kind, RefusalKind::TooLarge);
        assert_eq!(read(Body::from("abc"), 2).await.unwrap_err().kind, RefusalKind::TooLarge);
    }

    #[tokio::test]
    async fn what_is_too_large_is_read_on_so_that_the_client_hears_why() {
        let read_pieces = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counter = std::sync::Arc::clone(&read_pieces);
        let pieces = futures::stream::iter((0..100).map(move |_| {
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from("ab"))
        }));
        let refusal = read(Body::from_stream(pieces), 2).await.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::TooLarge);
        // Two to find out, then as much as is discarded at most.
        assert_eq!(read_pieces.load(std::sync::atomic::Ordering::Relaxed), 2 + DISCARDED_MAX_FACTOR);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_too_large_that_never_ends_is_given_up() {
        let begun = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from("abc"))]);
        let endless = Body::from_stream(futures::StreamExt::chain(begun, futures::stream::pending()));
        assert_eq!(read(endless, 2).await.unwrap_err().kind, RefusalKind::TooLarge);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_given_up() {
        let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read(endless, 2).await.unwrap_err().kind, RefusalKind::RequestTimeout);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_pauses_is_given_up_before_its_deadline() {
        let begun = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from("a"))]);
        let paused = Body::from_stream(futures::StreamExt::chain(begun, futures::stream::pending()));
        let (start, deadline) = (Instant::now(), Instant::now() + Duration::from_secs(30));
        let bounds =
            Bounds { bytes_max: 2, idle_max: Duration::from_secs(1), deadline, room: Arc::new(Semaphore::new(9)) };
        assert_eq!(receive(paused, &bounds).await.err().unwrap().kind, RefusalKind::RequestTimeout);
        assert!(start.elapsed() < Duration::from_secs(2));
        assert_eq!(bounds.room.available_permits(), 9, "what came of it is held no longer");
    }
}
