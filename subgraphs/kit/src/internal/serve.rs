//! Serving a domain's routes to other services.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, StatusCode, header},
    middleware,
    routing::get,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;

use super::{
    DOCUMENT, PATH,
    document::document,
    guard::{Guard, guard},
};
use crate::subgraph::Access;

/// The bounds of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InternalConfig {
    /// Bytes of a body.
    pub body_bytes_max: usize,
    /// How long a call may take at most, and how long one without a deadline may, in milliseconds.
    pub deadline_longest_ms: u64,
}

impl Default for InternalConfig {
    /// 64 KiB: a question about one thing, with room. 10 s: longer than anybody waits who was asked by somebody himself.
    fn default() -> Self {
        Self { body_bytes_max: 64 * 1024, deadline_longest_ms: 10_000 }
    }
}

impl InternalConfig {
    pub(super) fn deadline_longest(&self) -> Duration {
        Duration::from_millis(self.deadline_longest_ms)
    }
}

/// What a domain serves to other services.
#[derive(Debug, Clone)]
pub struct InternalApi {
    /// All of it, under [`PATH`], to be merged with what else the service serves.
    pub router: Router,
    /// Its OpenAPI 3.1 document, as JSON.
    pub document: String,
}

/// Serves `routes`, which are below [`PATH`], of the service `name` to the services `callers`, and to nobody else.
///
/// ```
/// # use axum::{Json, extract::Path};
/// # use kit::internal::{InternalConfig, Problem, serve};
/// # use kit::subgraph::Access;
/// use utoipa_axum::{router::OpenApiRouter, routes};
///
/// #[derive(serde::Serialize, utoipa::ToSchema)]
/// struct Status { paid: bool }
///
/// /// Whether something is paid.
/// #[utoipa::path(get, path = "/payments/{id}", params(("id" = String, Path)), responses((status = 200, body = Status)))]
/// async fn status(Path(id): Path<String>) -> Result<Json<Status>, Problem> {
///     if id.is_empty() { Err(Problem::not_found("No such payment")) } else { Ok(Json(Status { paid: true })) }
/// }
///
/// let routes = OpenApiRouter::new().routes(routes!(status));
/// let api = serve("payments", Access::closed(), &["orders"], InternalConfig::default(), routes);
/// assert!(api.document.contains("/internal/v1/payments/{id}"));
/// ```
#[must_use]
pub fn serve(
    name: &'static str,
    access: Access,
    callers: &[&'static str],
    config: InternalConfig,
    routes: OpenApiRouter,
) -> InternalApi {
    let (_, openapi) = OpenApiRouter::default().nest(PATH, routes.clone()).split_for_parts();
    let (router, _) = routes.split_for_parts();
    let document = document(name, openapi);
    let served = document.clone();
    let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let guarding = Guard { name, access, callers: callers.to_vec(), config };
    let router = router
        .route(DOCUMENT, get(async move || (json, served)))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(DefaultBodyLimit::max(config.body_bytes_max))
        .layer(middleware::from_fn_with_state(Arc::new(guarding), guard));
    // Nested with all its layers: what isn't below the path is somebody else's.
    let router = Router::new().nest(PATH, router);
    InternalApi { router, document }
}
