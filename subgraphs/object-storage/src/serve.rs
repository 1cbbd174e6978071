//! Follows links into a folder. No path of a client's reaches the file system: it must be a key, and signed.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Router, http::HeaderName};
use chrono::Utc;
use kit::objects::{LinkTerms, ObjectKey};
use object_store::{Error, ObjectStoreExt as _};
use serde::Deserialize;

use crate::signature::{Signatures, Signed};
use crate::store::{Store, path};

/// What is served.
#[derive(Clone)]
pub(crate) struct Served {
    pub store: Store,
    pub signatures: Arc<Signatures>,
}

/// What a link says beside the key.
#[derive(Deserialize)]
struct Parts {
    expires: i64,
    name: String,
    signature: String,
}

pub(crate) fn router(served: Served) -> Router {
    Router::new().route("/objects/{*key}", get(follow)).with_state(served)
}

/// The object, to be saved. Whatever is wrong with a link, the answer is the same.
async fn follow(
    State(served): State<Served>,
    Path(key): Path<String>,
    parts: Result<Query<Parts>, QueryRejection>,
) -> Response {
    let (Some(key), Ok(Query(parts))) = (ObjectKey::parse(&key), parts) else { return refused() };
    let signed = Signed { key: &key, expires: parts.expires, name: &parts.name };
    if !served.signatures.is_ours(&signed, &parts.signature) || parts.expires <= Utc::now().timestamp() {
        return refused();
    }
    match served.store.inner.get(&path(&key)).await {
        Ok(found) => {
            let length = HeaderValue::from(found.meta.size);
            let disposition = LinkTerms::named(&parts.name).content_disposition();
            let disposition = HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"));
            let headers: [(HeaderName, HeaderValue); 7] = [
                (CONTENT_TYPE, HeaderValue::from_static(key.media_type().as_str())),
                (CONTENT_LENGTH, length),
                (CONTENT_DISPOSITION, disposition),
                (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
                (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
                (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
                (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            ];
            (headers, Body::from_stream(found.into_stream())).into_response()
        }
        Err(Error::NotFound { .. }) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "an object can't be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refused() -> Response {
    (StatusCode::FORBIDDEN, "The link is invalid or has expired\n").into_response()
}
