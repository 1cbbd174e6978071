//! One connection of HTTP/2 that all calls of an origin share. It has a task, as many wait on it at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use http_body_util::Full;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::Instant;

use super::connect::Stream;
use super::failure::Failure;

/// Between two signs of life asked of a connection with open requests, and how long the answer may take: one that says
/// nothing more must not take calls for ever.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// Sends requests on a connection.
#[derive(Clone)]
pub struct Sender {
    pub requests: SendRequest<Full<Bytes>>,
    /// The connection: one of these, however many senders.
    connection: Arc<()>,
}

/// A connection that is being made.
type Made = Result<Sender, Failure>;

/// The connection to one origin, if there is one.
pub struct SharedLink {
    time_max: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// With the time it was last used.
    made: Option<(Instant, Sender)>,
    making: Option<WeakShared<BoxFuture<'static, Made>>>,
}

impl SharedLink {
    /// Forgets a connection that wasn't used for this long.
    pub fn new(time_max: Duration) -> Self {
        Self { time_max, state: Mutex::default() }
    }

    /// The connection, if it may be used.
    pub fn get(&self) -> Option<Sender> {
        let mut state = self.state();
        let (used, sender) = state.usable(self.time_max)?;
        *used = Instant::now();
        Some(sender.clone())
    }

    /// Keeps a connection for others; the one that they use already, if there is one.
    pub fn keep(&self, sender: Sender) -> Sender {
        if let Some(known) = self.get() {
            return known;
        }
        self.state().made = Some((Instant::now(), sender.clone()));
        sender
    }

    /// Forgets a connection that takes no more requests. Those under way on it may end.
    pub fn forget(&self, sender: &Sender) {
        let mut state = self.state();
        if state.made.as_ref().is_some_and(|(_, known)| Arc::ptr_eq(&known.connection, &sender.connection)) {
            state.made = None;
        }
    }

    /// The one attempt to make a connection that all wait for. It goes on while one of them does.
    pub fn making(&self, make: impl FnOnce() -> BoxFuture<'static, Made>) -> Shared<BoxFuture<'static, Made>> {
        let mut state = self.state();
        if let Some(making) = state.making.as_ref().and_then(WeakShared::upgrade)
            && making.peek().is_none()
        {
            return making;
        }
        let making = make().shared();
        state.making = making.downgrade();
        making
    }

    /// Forgets a connection that rested too long; whether there is one still.
    pub fn sweep(&self) -> bool {
        self.state().usable(self.time_max).is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The connection that was made, forgotten if it is closed or wasn't used for so long.
    fn usable(&mut self, time_max: Duration) -> Option<&mut (Instant, Sender)> {
        self.made.take_if(|(used, sender)| sender.requests.is_closed() || used.elapsed() >= time_max);
        self.made.as_mut()
    }
}

/// Begins to speak HTTP/2.
pub async fn begin(stream: Stream) -> Made {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.timer(TokioTimer::new()).keep_alive_interval(KEEP_ALIVE).keep_alive_timeout(KEEP_ALIVE);
    let (requests, connection) = builder.handshake(stream).await.map_err(|error| Failure::no_connection(&error))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!("a connection to a subgraph broke: {error}");
        }
    });
    Ok(Sender { requests, connection: Arc::default() })
}
