//! What is served where.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY};
use http::{HeaderMap, StatusCode};

use super::accept::MediaType;
use super::respond::{refused, response};
use super::{compress, health};
use crate::Sources;
use crate::config::StatusCodes;
use crate::generation::{Process, Shared};
use crate::graphiql::{Page, START_SCRIPT};
use crate::refusal::{Refusal, RefusalKind};
use crate::telemetry::metrics::{self, Metrics};

/// Where GraphQL is served.
pub(super) const GRAPHQL: &str = "/graphql";

/// Everything that clients are served from one generation besides GraphQL.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let mut router = Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/", get(page))
        .fallback(not_found);
    if shared.graphiql.is_some() {
        router = router.route("/graphiql/{name}", get(asset)).route("/graphiql/state", get(state));
    }
    let metrics = &shared.config.telemetry.metrics;
    if metrics.enabled && metrics.listen.is_none() {
        router = router.route("/metrics", get(metrics_text));
    }
    if shared.config.http.compress_responses {
        router = router.layer(compress::layer());
    }
    router.with_state(Arc::clone(shared))
}

/// Metrics alone.
pub(crate) fn metrics_router(process: Arc<Process>) -> Router {
    let text = |State(process): State<Arc<Process>>| async move {
        metrics_response(&process.metrics, process.sources.as_ref()).await
    };
    Router::new().route("/metrics", get(text)).fallback(not_found).with_state(process)
}

async fn metrics_text(State(shared): State<Arc<Shared>>) -> Response {
    metrics_response(&shared.metrics, shared.sources.as_ref()).await
}

pub(super) async fn metrics_response(metrics: &Metrics, sources: &dyn Sources) -> Response {
    metrics.refresh().await;
    let text = metrics.text(sources.resident_memory_bytes());
    response(StatusCode::OK, metrics::CONTENT_TYPE, text.into())
}

async fn page(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let html = headers.get_all(ACCEPT).iter().any(|value| value.to_str().is_ok_and(|text| text.contains("text/html")));
    match &shared.graphiql {
        Some(graphiql) if html => page_response(&graphiql.page),
        _ => not_found().await,
    }
}

/// A page under its policy.
pub(super) fn page_response(page: &Page) -> Response {
    let mut answer = response(StatusCode::OK, "text/html; charset=utf-8", page.html.clone().into());
    let headers = answer.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&page.policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    answer
}

/// What the page asks for now and then: the version that is served, and what is wrong with a newer one.
async fn state(State(shared): State<Arc<Shared>>) -> Response {
    let state = shared.findings.state(Some(shared.pipeline.supergraph().hash));
    response(StatusCode::OK, "application/json", state.into())
}

/// One of the page's files, by its fixed name.
async fn asset(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    let Some(graphiql) = &shared.graphiql else { return not_found().await };
    if name == "start.js" {
        return response(StatusCode::OK, "text/javascript; charset=utf-8", START_SCRIPT.into());
    }
    match graphiql.file(&name) {
        Some((asset, file)) => response(StatusCode::OK, asset.content_type, Body::from(file)),
        None => not_found().await,
    }
}

/// The answer to a request for a host that is not served.
pub(super) fn misdirected() -> Response {
    let message = "this host is not served here; server.hosts names those that are";
    refused(
        &Refusal::new(RefusalKind::Misdirected, "HOST_NOT_SERVED", message),
        (MediaType::Json, StatusCodes::Established),
    )
}

pub(super) async fn not_found() -> Response {
    let message = "nothing is served here; GraphQL is at /graphql";
    refused(
        &Refusal::new(RefusalKind::NotFound, wire::codes::NOT_FOUND, message),
        (MediaType::Json, StatusCodes::Established),
    )
}
