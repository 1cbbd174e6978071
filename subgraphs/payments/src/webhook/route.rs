//! The endpoint. What it answers says no more than the provider needs: whether to send it again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::Utc;
use kit::database::describe;

use super::receive::BODY_BYTES_MAX;
use super::signature::HEADER;
use super::{WebhookError, Webhooks};

/// Where the provider posts to.
pub const PATH: &str = "/webhooks/payments";

/// `POST /webhooks/payments`, the body as its bytes came.
pub fn router(webhooks: Webhooks) -> Router {
    Router::new().route(PATH, post(webhook)).layer(DefaultBodyLimit::max(BODY_BYTES_MAX)).with_state(webhooks)
}

async fn webhook(State(webhooks): State<Webhooks>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match webhooks.receive(signature, &body, Utc::now()).await {
        Ok(_received) => StatusCode::OK,
        Err(WebhookError::TooLong) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(error @ (WebhookError::Signature(_) | WebhookError::Unreadable(_))) => {
            tracing::warn!(error = %describe(&error), "a webhook is refused");
            StatusCode::BAD_REQUEST
        }
        Err(error @ WebhookError::Database(_)) => {
            tracing::error!(error = %describe(&error), "a webhook can't be kept");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
