//! Calls that are done once under their idempotency key.

use std::marker::PhantomData;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts as _, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use diesel_async::AsyncPgConnection;
use serde::{Serialize, de::DeserializeOwned};

use super::{CallingService, KEY_HEADER, Problem, REPLAYED_HEADER, codes};
use crate::{
    Database,
    database::Work,
    idempotency::{self, BodyHash, Reply},
};

/// A call with an idempotency key and a JSON body. An extractor: calls without a key are refused.
///
/// A key belongs to the service that uses it; it stands for the method, the path, the query and the bytes of the body together.
#[derive(Debug)]
pub struct Keyed<T> {
    /// Who calls.
    pub caller: CallingService,
    /// What it says.
    pub body: T,
    key: String,
    hash: BodyHash,
}

/// What is answered to a [`Keyed`] call: the same bytes each time.
#[derive(Debug)]
pub struct KeyedReply<R> {
    reply: Reply,
    of: PhantomData<fn() -> R>,
}

impl<T: Sync> Keyed<T> {
    /// Does `effect` once in one transaction with keeping its reply. What it refuses leaves the key free.
    ///
    /// # Errors
    /// Those of the effect; 422 [`codes::IDEMPOTENCY_KEY_REUSED`] for another body under the key; 409
    /// [`codes::IDEMPOTENCY_KEY_IN_PROGRESS`] when the first call takes too long; those of the database.
    pub async fn once<R, F>(&self, database: &Database, effect: F) -> Result<KeyedReply<R>, Problem>
    where
        for<'c> F: AsyncFn(&'c mut AsyncPgConnection) -> Result<R, Problem>
            + Work<&'c mut AsyncPgConnection, Result<R, Problem>, Running: Send>
            + Send
            + Sync,
        R: Serialize + Send,
    {
        let scope = format!("internal:{}", self.caller.name());
        let reply = database
            .unit(async |connection| {
                idempotency::once(connection, &scope, &self.key, &self.hash, async |connection| {
                    effect(connection).await
                })
                .await
            })
            .await?;
        Ok(KeyedReply { reply, of: PhantomData })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Keyed<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = CallingService::from_request_parts(&mut parts, state).await?;
        let key = parts.headers.get(KEY_HEADER).and_then(|key| key.to_str().ok()).map(str::to_owned);
        let key = key.ok_or_else(|| {
            let detail = "This needs an idempotency key of 1 to 255 visible characters";
            Problem::new(StatusCode::BAD_REQUEST, codes::IDEMPOTENCY_KEY_INVALID, detail)
        })?;
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("application/json")) {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let (method, uri) = (parts.method.clone(), parts.uri.to_string());
        let request = Request::from_parts(parts, body);
        let bytes =
            Bytes::from_request(request, state).await.map_err(|rejection| Problem::of_status(rejection.status()))?;
        let hash = BodyHash::of(&[method.as_str().as_bytes(), uri.as_bytes(), &bytes]);
        // The library's words name fields and places, nothing of ours.
        let body = serde_json::from_slice(&bytes)
            .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, codes::UNPROCESSABLE, error.to_string()))?;
        Ok(Self { caller, body, key, hash })
    }
}

impl<R> IntoResponse for KeyedReply<R> {
    fn into_response(self) -> Response {
        let Reply { json, is_replay } = self.reply;
        let replayed = HeaderValue::from_static(if is_replay { "true" } else { "false" });
        let headers = [
            (header::CONTENT_TYPE.as_str(), HeaderValue::from_static("application/json")),
            (REPLAYED_HEADER, replayed),
        ];
        (headers, json).into_response()
    }
}
