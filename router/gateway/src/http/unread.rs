//! Responses over HTTP/2 that their client doesn't take. A stream whose client grants it no room waits without end, and its
//! response with it, while the connection goes on; so the connection is cut as one over HTTP/1.1 is whose client stops
//! reading. Time in which the client waits for us doesn't count.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Either};
use http::{Request, Response, Version};
use http_body::{Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};
use tower::Service;

use super::resting::{OpenRequest, OpenRequests};

/// Bytes that a stream is given at once: what a client never takes of the last ones is held as long as its connection.
const PIECE: usize = 16 * 1024;

/// The responses of one connection that wait for their client.
#[derive(Clone, Default)]
pub(super) struct Unread(Arc<Waiting>);

#[derive(Default)]
struct Waiting {
    /// By number of the response: since when.
    since: Mutex<(u64, BTreeMap<u64, Instant>)>,
    /// There is one at all.
    begins: Notify,
}

impl Unread {
    /// Ends once a response has waited that long.
    pub async fn overdue(&self, limit: Duration) {
        self.0.begins.notified().await;
        while !self.0.since().1.values().any(|since| since.elapsed() >= limit) {
            sleep(limit / 4).await;
        }
        tracing::debug!("a client does not take its responses");
    }
}

impl Waiting {
    fn since(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Instant>)> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A service whose requests over HTTP/2 are watched.
#[derive(Clone)]
pub(super) struct Watched<S> {
    /// What answers.
    pub service: S,
    /// Where its responses wait.
    pub unread: Unread,
    /// Which requests are not at their end.
    pub open: OpenRequests,
}

impl<S, B> Service<Request<B>> for Watched<S>
where
    S: Service<Request<B>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<S::Future, BoxFuture<'static, Result<Self::Response, Infallible>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if request.version() != Version::HTTP_2 {
            return Either::Left(self.service.call(request));
        }
        let (open, unread) = (self.open.begin(), self.unread.clone());
        let answer = self.service.call(request);
        let watched = async move { Ok(answer.await?.map(|body| Body::new(Pieces::new(body, unread, open)))) };
        Either::Right(watched.boxed())
    }
}

/// A body in pieces, each given once the client has taken those before.
struct Pieces {
    body: Body,
    /// What isn't given yet of what the body gave.
    rest: Bytes,
    unread: Unread,
    number: u64,
    #[expect(dead_code, reason = "it is there to be dropped with the body")]
    open: OpenRequest,
}

impl Pieces {
    fn new(body: Body, unread: Unread, open: OpenRequest) -> Self {
        let mut waiting = unread.0.since();
        waiting.0 += 1;
        let number = waiting.0;
        waiting.1.insert(number, Instant::now());
        drop(waiting);
        unread.0.begins.notify_one();
        Self { body, rest: Bytes::new(), unread, number, open }
    }

    fn given(&mut self, frame: Frame<Bytes>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.unread.0.since().1.insert(self.number, Instant::now());
        Poll::Ready(Some(Ok(frame)))
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // There is room: the client has taken what it was given.
        self.unread.0.since().1.remove(&self.number);
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)).transpose()?.map(Frame::into_data) {
                None => return Poll::Ready(None),
                Some(Err(other)) => return self.given(other),
                Some(Ok(data)) => self.rest = data,
            }
        }
        let piece = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(piece);
        self.given(Frame::data(piece))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let (lower, upper) = (hint.lower().saturating_add(rest), hint.upper().map(|upper| upper.saturating_add(rest)));
        if let Some(upper) = upper {
            hint.set_upper(upper);
        }
        hint.set_lower(lower);
        hint
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.unread.0.since().1.remove(&self.number);
    }
}
