//! Identical queries that are under way at the same time are sent once.
//!
//! Identical is what asks the same for the same caller: the subgraph, every byte of the body behind the operation's name,
//! the signed identity and all headers that travel on, but for the trace. So nobody ever gets an answer that was made
//! for someone else. Names don't count: they are for logs, and clients whose operations are called differently would share
//! nothing. Mutations are never shared.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use executor::fetch::Idempotent;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::SubgraphId;
use futures::future::{BoxFuture, Shared, WeakShared};
use futures::{FutureExt, StreamExt, stream};
use http::HeaderMap;
use tokio_util::sync::CancellationToken;

use crate::telemetry::trace::{TRACEPARENT, TRACESTATE};

/// A call that several wait for. It goes on while one of them does.
type Flight = Shared<BoxFuture<'static, Result<Bytes, FetchError>>>;

/// The flights under way, none of which the list keeps going.
type Flights = Arc<Mutex<HashMap<Key, WeakShared<BoxFuture<'static, Result<Bytes, FetchError>>>>>>;

/// What the answer to a call may depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    subgraph: SubgraphId,
    /// Behind the operation's name.
    body: Bytes,
    identity: Option<Arc<str>>,
    headers: Arc<HeaderMap>,
}

/// A fetch that shares calls under way.
pub(super) struct SharedFlights {
    inner: Arc<dyn Fetch>,
    flights: Flights,
}

impl SharedFlights {
    pub fn new(inner: Arc<dyn Fetch>) -> Self {
        Self { inner, flights: Arc::default() }
    }

    fn join(&self, request: SubgraphRequest, context: &RequestContext) -> Flight {
        let mut headers = context.headers.as_ref().clone();
        headers.remove(TRACEPARENT);
        headers.remove(TRACESTATE);
        let key = Key {
            subgraph: request.subgraph,
            body: request.body.slice(request.named.min(request.body.len())..),
            identity: context.identity.clone(),
            headers: Arc::new(headers),
        };
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(&key).and_then(WeakShared::upgrade) {
            return flight;
        }
        let landed = Landed { key: key.clone(), flights: Arc::clone(&self.flights) };
        let flight = fly(Arc::clone(&self.inner), request, context.clone(), landed).boxed().shared();
        if let Some(weak) = flight.downgrade() {
            flights.insert(key, weak);
        }
        flight
    }
}

async fn fly(
    inner: Arc<dyn Fetch>,
    request: SubgraphRequest,
    context: RequestContext,
    _landed: Landed,
) -> Result<Bytes, FetchError> {
    // Whoever came first may go while others wait.
    let context = RequestContext { cancellation: CancellationToken::new(), ..context };
    let mut responses = inner.fetch(request, &context).await?;
    responses.next().await.unwrap_or_else(|| Err(FetchError::Malformed("no answer".to_owned())))
}

/// Takes a flight off the list when it has ended or nobody waits for it any more.
struct Landed {
    key: Key,
    flights: Flights,
}

impl Drop for Landed {
    fn drop(&mut self) {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.remove(&self.key);
    }
}

impl Fetch for SharedFlights {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        if request.idempotent == Idempotent::No {
            return self.inner.fetch(request, context);
        }
        let flight = self.join(request, context);
        async move { Ok(stream::once(std::future::ready(Ok(flight.await?))).boxed() as Responses) }.boxed()
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.subgraph.hash(state);
        self.body.hash(state);
        self.identity.hash(state);
        // The order of names is the map's own; equality looks at the values.
        self.headers.len().hash(state);
    }
}
