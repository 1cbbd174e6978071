//! One connection of HTTP/1.1, driven by the call that uses it.
//!
//! hyper gives a connection and a sender that talk over channels, as if they were two tasks. Here they are one: whatever
//! the sender or the body waits for is brought by the connection when it is polled. So channels need nobody to wake,
//! and are polled with a waker that wakes nobody; only the connection, last, is polled with the task's own, which
//! then waits for the socket alone. Otherwise each answer would wake the task that is just reading it.

use std::future::{Future as _, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as _, Frame};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};

use super::connect::Stream;
use super::failure::Failure;

/// Bytes read at once, for which each connection keeps room; and of an answer's head. More a read would save system calls
/// of large answers, and cost memory on each connection that ever had one.
const READ_BYTES_MAX: usize = 128 * 1024;

/// A piece of a body.
pub type Piece = Result<Frame<Bytes>, hyper::Error>;

/// A connection on which one request at a time is sent.
pub struct Link {
    sender: SendRequest<Full<Bytes>>,
    connection: Driven,
}

impl Link {
    /// Begins to speak HTTP/1.1.
    pub async fn begin(stream: Stream) -> Result<Box<Self>, Failure> {
        let made = Builder::new().max_buf_size(READ_BYTES_MAX).handshake(stream).await;
        let (sender, connection) = made.map_err(|error| Failure::no_connection(&error))?;
        Ok(Box::new(Self { sender, connection: Driven(Some(connection)) }))
    }

    /// Whether the last answer has come whole and a request may be sent, as far as is known.
    pub fn rests(&self) -> bool {
        self.connection.0.is_some() && self.sender.is_ready()
    }

    /// Whether a request may be sent: looks whether the other side has closed it meanwhile, and drains what nobody reads.
    pub fn is_ready(&mut self) -> bool {
        self.connection.advance(&mut Context::from_waker(Waker::noop()));
        self.rests()
    }

    /// Sends a request and waits for the head of the answer.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Failure> {
        let mut answer = pin!(self.sender.try_send_request(request));
        let connection = &mut self.connection;
        let mut sent = false;
        let answer = poll_fn(|context| {
            if std::mem::replace(&mut sent, true) {
                return connection.poll(context, |context| answer.as_mut().poll(context));
            }
            // Nothing comes before the request has gone.
            connection.advance(context);
            answer.as_mut().poll(context)
        });
        answer.await.map_err(Failure::of)
    }

    /// Waits for the next piece of an answer's body.
    pub fn poll_body(&mut self, context: &mut Context<'_>, body: &mut Incoming) -> Poll<Option<Piece>> {
        self.connection.poll(context, |context| Pin::new(&mut *body).poll_frame(context))
    }
}

/// A connection until it ends.
struct Driven(Option<Connection<Stream, Full<Bytes>>>);

impl Driven {
    /// Waits for what the connection brings.
    fn poll<T>(&mut self, context: &mut Context<'_>, mut brought: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Poll<T> {
        let mut nobody = Context::from_waker(Waker::noop());
        if let Poll::Ready(brought) = brought(&mut nobody) {
            return Poll::Ready(brought);
        }
        self.advance(&mut nobody);
        if let Poll::Ready(brought) = brought(&mut nobody) {
            return Poll::Ready(brought);
        }
        self.advance(context);
        // With the task's own waker: a channel that has something may still ask to be polled later, for the sake of others.
        brought(context)
    }

    fn advance(&mut self, context: &mut Context<'_>) {
        if self.0.as_mut().is_some_and(|connection| Pin::new(connection).poll(context).is_ready()) {
            // What waits for it is told so.
            self.0 = None;
        }
    }
}
