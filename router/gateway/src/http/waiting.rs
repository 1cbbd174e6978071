//! What is served while there is no supergraph: a page that tells why, and refusals.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{any, get};
use http::StatusCode;

use super::accept::MediaType;
use super::respond::{refused, response};
use super::{health, routes};
use crate::config::StatusCodes;
use crate::generation::Process;
use crate::graphiql::{Page, WAITING_SCRIPT};
use crate::refusal::{Refusal, RefusalKind};

/// See the module.
pub(crate) fn waiting_router(process: &Arc<Process>) -> Router {
    let mut router = Router::new()
        .route(routes::GRAPHQL, any(graphql))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(ready))
        .fallback(routes::not_found);
    if process.config.graphiql.enabled {
        router = router
            .route("/", get(page))
            .route("/graphiql/waiting.js", get(script))
            .route("/graphiql/state", get(state));
    }
    let metrics = &process.config.telemetry.metrics;
    if metrics.enabled && metrics.listen.is_none() {
        router = router.route("/metrics", get(metrics_text));
    }
    router.with_state(Arc::clone(process))
}

async fn graphql() -> Response {
    let message = "there is no supergraph yet: the subgraphs do not compose";
    refused(
        &Refusal::new(RefusalKind::Overloaded, "SUPERGRAPH_NOT_READY", message),
        (MediaType::Json, StatusCodes::Established),
    )
}

async fn ready() -> Response {
    let body = "{\"status\":\"waiting for a supergraph\"}";
    response(StatusCode::SERVICE_UNAVAILABLE, "application/json", body.into())
}

async fn page(State(process): State<Arc<Process>>) -> Response {
    routes::page_response(&Page::waiting(&process.findings.text()))
}

async fn script() -> Response {
    response(StatusCode::OK, "text/javascript; charset=utf-8", WAITING_SCRIPT.into())
}

async fn state(State(process): State<Arc<Process>>) -> Response {
    response(StatusCode::OK, "application/json", process.findings.state(None).into())
}

async fn metrics_text(State(process): State<Arc<Process>>) -> Response {
    routes::metrics_response(&process.metrics, process.sources.as_ref()).await
}
