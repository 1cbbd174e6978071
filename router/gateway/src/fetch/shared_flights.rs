//! Identical queries that are under way at the same time are sent once.
//!
//! Identical is what asks the same for the same caller: the subgraph, every byte of the body behind the operation's name,
//! the signed identity and all headers that travel on, but for the trace. So nobody ever gets an answer that was made
//! for someone else. Names don't count: they are for logs, and clients whose operations are called differently would share
//! nothing. Mutations are never shared.

use std::sync::Arc;

use bytes::Bytes;
use executor::fetch::Idempotent;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::SubgraphId;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::flights::{Audience, Flight, Flights};

/// What the answer to a call may depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    subgraph: SubgraphId,
    /// Behind the operation's name.
    body: Bytes,
    audience: Audience,
}

/// A fetch that shares calls under way.
pub(super) struct SharedFlights {
    inner: Arc<dyn Fetch>,
    /// Of one response each.
    flights: Flights<Key, Result<Bytes, FetchError>>,
}

impl SharedFlights {
    pub fn new(inner: Arc<dyn Fetch>) -> Self {
        Self { inner, flights: Flights::default() }
    }

    fn join(&self, request: SubgraphRequest, context: &RequestContext) -> Flight<Result<Bytes, FetchError>> {
        let key = Key {
            subgraph: request.subgraph,
            body: request.body.slice(request.named.min(request.body.len())..),
            audience: Audience::of(context),
        };
        self.flights.join(key, || fly(Arc::clone(&self.inner), request, context.clone()))
    }
}

async fn fly(inner: Arc<dyn Fetch>, request: SubgraphRequest, context: RequestContext) -> Result<Bytes, FetchError> {
    // Whoever came first may go while others wait.
    let context = RequestContext { cancellation: CancellationToken::new(), ..context };
    let mut responses = inner.fetch(request, &context).await?;
    responses.next().await.unwrap_or_else(|| Err(FetchError::Malformed("no answer".to_owned())))
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
