//! Health: alive while the process answers; ready while it can serve and isn't being stopped.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::respond::response;
use crate::generation::Shared;

const JSON: &str = "application/json";

pub(super) async fn live() -> Response {
    response(StatusCode::OK, JSON, "{\"status\":\"live\"}".into())
}

pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    if shared.draining.load(Ordering::Acquire) {
        response(StatusCode::SERVICE_UNAVAILABLE, JSON, "{\"status\":\"stopping\"}".into())
    } else if shared.authenticator.is_ready() {
        response(StatusCode::OK, JSON, "{\"status\":\"ready\"}".into())
    } else {
        response(StatusCode::SERVICE_UNAVAILABLE, JSON, "{\"status\":\"waiting for key sets\"}".into())
    }
}
