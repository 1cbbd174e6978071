//! Where requests come in: each is answered from whichever generation is current when it comes.
//!
//! GraphQL goes to its handler through the layers that have something to do, and no others; the rest takes the routes.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use arc_swap::ArcSwap;
use axum::BoxError;
use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use http::header::ACCEPT_ENCODING;
use http::{Method, Request};
use tower::{Layer, Service, ServiceExt, service_fn};

use super::{compress, handler, routes};
use crate::generation::{Generation, Shared};

/// Everything that clients are served.
#[derive(Clone)]
pub(crate) struct Door(pub Arc<ArcSwap<Generation>>);

/// An answer to come.
type Answer = BoxFuture<'static, Result<Response, Infallible>>;

impl<B> Service<Request<B>> for Door
where
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        let generation = self.0.load();
        if !generation.hosts.serve(request.uri(), request.headers()) {
            return ready(Ok(routes::misdirected())).boxed();
        }
        let request = request.map(Body::new);
        match &generation.shared {
            Some(shared) if request.uri().path() == routes::GRAPHQL => graphql(shared, request),
            _ => generation.router.clone().oneshot(request).boxed(),
        }
    }
}

fn graphql(shared: &Arc<Shared>, request: Request<Body>) -> Answer {
    // Caches keep answers to GET: the layer says that they vary, to everybody.
    let may_differ = request.headers().contains_key(ACCEPT_ENCODING) || request.method() == Method::GET;
    let compresses = shared.config.http.compress_responses && may_differ;
    if !compresses && shared.cors.is_none() {
        return handler::graphql(Arc::clone(shared), request).boxed();
    }
    let handling = Arc::clone(shared);
    // Boxed: each layer moves what is inside.
    let service = service_fn(move |request| handler::graphql(Arc::clone(&handling), request).boxed());
    match &shared.cors {
        Some(cors) if compresses => compressed(cors.layer(service), request),
        Some(cors) => cors.layer(service).oneshot(request).boxed(),
        None => compressed(service, request),
    }
}

fn compressed<S>(service: S, request: Request<Body>) -> Answer
where
    S: Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Send + 'static,
{
    let answer = compress::layer().layer(service).oneshot(request);
    answer.map(|answer| Ok(answer?.map(Body::new))).boxed()
}
