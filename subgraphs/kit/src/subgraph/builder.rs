//! From a typed schema to a served subgraph.

use std::{future::Future, sync::Arc};

use async_graphql::{Data, EmptySubscription, ObjectType, Request, SchemaBuilder};
use chrono::{DateTime, Utc};
use futures::FutureExt as _;

use super::{Access, Inner, Ready, Root, Subgraph, limits, shape::Shape};
use crate::{
    Reads,
    cache::Invalidation,
    federation_sdl::{export_options, federation_sdl},
    recent_writers::Reader,
};

/// What `DateTime` is, in the clients' words.
const DATE_TIME: &str = "A point in time, as RFC 3339 writes it, in UTC.";

type RequestData = dyn Fn(&mut Data) + Send + Sync;

/// Collects what a subgraph is made of.
pub struct SubgraphBuilder<Q, M> {
    name: &'static str,
    schema: SchemaBuilder<Root<Q>, M, EmptySubscription>,
    access: Access,
    reads: Option<Reads>,
    caches: Option<Invalidation>,
    request_data: Box<RequestData>,
    ready: Box<Ready>,
}

impl<Q: ObjectType + 'static, M: ObjectType + 'static> SubgraphBuilder<Q, M> {
    /// A subgraph called `name` with `schema`'s types and data. Federation,
    /// limits and the caller are added here.
    pub fn new(name: &'static str, schema: SchemaBuilder<Root<Q>, M, EmptySubscription>, access: Access) -> Self {
        Self {
            name,
            schema,
            access,
            reads: None,
            caches: None,
            request_data: Box::new(|_| {}),
            ready: Box::new(|| async { true }.boxed()),
        }
    }

    /// By what it reads. Each request's context gets its [`Reader`].
    #[must_use]
    pub fn reads(mut self, reads: &Reads) -> Self {
        self.reads = Some(reads.clone());
        self
    }

    /// What its caches forget when they hear of it ([`Subgraph::beside`]), if it has any.
    #[must_use]
    pub fn caches(mut self, caches: Invalidation) -> Self {
        self.caches = Some(caches);
        self
    }

    /// What each request's context gets anew: its loaders, which find its [`Reader`] there ([`Reader::in_data`]).
    #[must_use]
    pub fn request_data(mut self, fill: impl Fn(&mut Data) + Send + Sync + 'static) -> Self {
        self.request_data = Box::new(fill);
        self
    }

    /// Whether the subgraph can serve; asked by `/health/ready`.
    #[must_use]
    pub fn ready<F>(mut self, is_ready: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = bool> + Send + 'static,
    {
        self.ready = Box::new(move || is_ready().boxed());
        self
    }

    /// The subgraph.
    #[must_use]
    pub fn build(self) -> Subgraph {
        let schema = limits::apply(self.schema)
            .override_output_type_description::<DateTime<Utc>>(DATE_TIME)
            .enable_federation()
            .finish();
        let sdl = federation_sdl(&schema.sdl_with_options(export_options()));
        let exported_sdl = limits::service_sdl(&schema);
        let fill = self.request_data;
        let reads = self.reads;
        let execute = Box::new(move |mut request: Request| {
            if let Some(reads) = &reads {
                let reader = Reader::of_request(&request.data, reads.writers());
                request.data.insert(reader);
            }
            fill(&mut request.data);
            let schema = schema.clone();
            async move { schema.execute(request).await }.boxed()
        });
        Subgraph {
            inner: Arc::new(Inner {
                name: self.name,
                sdl,
                exported_sdl,
                access: self.access,
                shape: Shape::of::<Q, M>(),
                caches: self.caches,
                execute,
                ready: self.ready,
            }),
            metrics: None,
        }
    }
}
