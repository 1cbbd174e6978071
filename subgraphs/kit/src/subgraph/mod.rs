//! Serving a domain's schema, in process and over HTTP, by one code path.
//!
//! Whoever calls, the same checks run in the same order and the same bytes
//! come out: identity first, then the document's limits, then execution. A
//! call without a believed identity reaches no resolver, `_entities` included.

mod access;
mod builder;
mod call;
mod document;
mod expansion;
mod http;
mod limits;
mod normalise;
mod root;
mod rows;
mod seal;
mod shape;
mod trace;
mod work;

use std::sync::Arc;

use async_graphql::{Request, Response};
use bytes::Bytes;
use futures::future::BoxFuture;

use crate::{Workers, cache::Invalidation};

pub use access::{Access, SdlAccess};
pub use builder::SubgraphBuilder;
pub use call::{Call, Reply};
pub use root::Root;
pub use rows::count_rows;
pub(crate) use trace::TraceId;

use crate::metrics::ServiceMetrics;

type Execute = dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync;
type Ready = dyn Fn() -> BoxFuture<'static, bool> + Send + Sync;

/// A served domain, its schema's Rust types erased; cheap to clone.
#[derive(Clone)]
pub struct Subgraph {
    inner: Arc<Inner>,
    metrics: Option<ServiceMetrics>,
}

struct Inner {
    name: &'static str,
    sdl: String,
    /// The same SDL before the federation pass, as async-graphql answers it.
    exported_sdl: String,
    access: Access,
    shape: shape::Shape,
    caches: Option<Invalidation>,
    execute: Box<Execute>,
    ready: Box<Ready>,
}

impl Subgraph {
    /// The subgraph's name in the supergraph.
    #[must_use]
    pub fn name(&self) -> &str {
        self.inner.name
    }

    /// The subgraph's contract: its federation SDL.
    #[must_use]
    pub fn sdl(&self) -> &str {
        &self.inner.sdl
    }

    /// The same, counting its requests.
    #[must_use]
    pub fn measured(self, metrics: ServiceMetrics) -> Self {
        Self { metrics: Some(metrics), ..self }
    }

    /// Answers a GraphQL JSON request in process: the body in, the body out.
    /// `identity` is what [`wire::identity::IDENTITY_HEADER`] would carry.
    pub async fn execute(&self, body: Bytes, identity: Option<&str>) -> Bytes {
        let call = Call { identity, ..Call::default() };
        self.call(body, call).await.body
    }

    /// [`Subgraph::execute`] with the rest of the headers that count.
    pub async fn call(&self, body: Bytes, call: Call<'_>) -> Reply {
        let request = call::read_json(body).await;
        let answer = self.respond(request, call).await;
        Reply { status: answer.status.as_u16(), body: answer.body(), read_after: answer.read_after }
    }

    /// `POST /graphql`, `GET /health/live` and `GET /health/ready`.
    pub fn router(self) -> axum::Router {
        http::router(self)
    }

    /// What has to run beside it for as long as it serves: it hears what its caches have to forget.
    #[must_use]
    pub fn beside(&self) -> Workers {
        let workers = Workers::new(self.inner.name);
        match &self.inner.caches {
            Some(caches) => caches.hear_in(workers),
            None => workers,
        }
    }

    /// Whether the subgraph can serve: its database answers.
    pub async fn is_ready(&self) -> bool {
        (self.inner.ready)().await
    }
}

impl std::fmt::Debug for Subgraph {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Subgraph").field("name", &self.inner.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
