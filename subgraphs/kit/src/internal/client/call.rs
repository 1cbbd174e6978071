//! One call: what it says, and its attempts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use wire::identity::IDENTITY_HEADER;

use super::{CallError, Inner, path, transport::Answer};
use crate::{
    internal::{DEADLINE_HEADER, Deadline, KEY_HEADER, PATH, Problem, problem::ProblemDocument},
    trace::{self, Parent, Span},
};

/// A call that is being made up. [`Call::send`] makes it.
#[must_use = "it is made by `send`"]
pub struct Call<'a> {
    client: &'a Inner,
    method: Method,
    target: Result<String, CallError>,
    headers: Result<HeaderMap, CallError>,
    body: Result<Bytes, CallError>,
    within: Duration,
    has_key: bool,
    traceparent: Option<String>,
}

impl<'a> Call<'a> {
    pub(super) fn new(client: &'a Inner, method: Method, segments: &[&str]) -> Self {
        let target = path::path(segments).ok_or_else(|| CallError::Request("a segment of the path is empty".into()));
        let within = Duration::from_millis(client.config.deadline_ms);
        let (headers, body) = (Ok(HeaderMap::new()), Ok(Bytes::new()));
        Self { client, method, target, headers, body, within, has_key: false, traceparent: None }
    }

    /// With a query.
    pub fn query(self, pairs: &[(&str, &str)]) -> Self {
        Self { target: self.target.map(|target| target + &path::query(pairs)), ..self }
    }

    /// With a body.
    pub fn json(self, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).map(Bytes::from).map_err(|error| CallError::Request(error.to_string()));
        Self { body, ..self }.header(header::CONTENT_TYPE, "application/json")
    }

    /// Done once under this key, and so repeated if need be: a job's key, or one that outlasts whoever asks.
    pub fn key(self, key: &str) -> Self {
        Self { has_key: true, ..self }.header(HeaderName::from_static(KEY_HEADER), key)
    }

    /// To be answered within this time, all attempts together.
    pub fn within(self, within: Duration) -> Self {
        Self { within, ..self }
    }

    /// As a part of this trace (W3C `traceparent`), unless it is made within one.
    pub fn traceparent(self, traceparent: Option<&str>) -> Self {
        Self { traceparent: traceparent.map(str::to_owned), ..self }
    }

    /// Makes the call, several times if need be and allowed, and reads the answer.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, CallError> {
        let answer = self.answer().await?;
        // Nothing at all reads as JSON's nothing: of calls that are answered by their status.
        let json: &[u8] = if answer.is_empty() { b"null" } else { &answer };
        serde_json::from_slice(json).map_err(CallError::Malformed)
    }

    async fn answer(self) -> Result<Bytes, CallError> {
        let span = Span::client(Parent::CurrentOr(self.traceparent.as_deref()), || {
            let path = self.target.as_deref().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
            let method = self.method.to_string();
            (format!("{method} {PATH}"), vec![("http.request.method", method.into()), ("url.path", path.into())])
        });
        let call = match span.traceparent().or_else(trace::traceparent) {
            Some(traceparent) => self.header(HeaderName::from_static("traceparent"), &traceparent),
            None => self,
        };
        let answer = span.run(call.attempts()).await;
        if answer.is_err() {
            span.fail("call_failed");
        }
        answer
    }

    async fn attempts(self) -> Result<Bytes, CallError> {
        let Self { client, method, target, headers, body, within, has_key, .. } = self;
        let (target, headers, body) = (target?, headers?, body?);
        let is_repeatable = has_key || method.is_idempotent();
        let (deadline, timeout) = (Deadline::within(within), Duration::from_millis(client.config.attempt_timeout_ms));
        let mut attempts = 1;
        loop {
            let left = deadline.left().min(timeout);
            let mut request = Request::new(body.clone());
            *request.method_mut() = method.clone();
            *request.uri_mut() = target.parse().map_err(|_| CallError::Request("the path is too long".into()))?;
            *request.headers_mut() = headers.clone();
            client.sign(request.headers_mut(), left)?;
            let error = match client.breaker.guard(client.attempt(request, left)).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let wait = client.config.retry_after(attempts);
            let may_again = attempts < client.config.attempts_max && error.may_be_tried_again(is_repeatable);
            if !may_again || wait >= deadline.left() {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
            attempts += 1;
        }
    }

    fn header(self, name: HeaderName, value: &str) -> Self {
        let headers = self.headers.and_then(|mut headers| {
            headers.insert(name, header_value(value)?);
            Ok(headers)
        });
        Self { headers, ..self }
    }
}

impl Inner {
    async fn attempt(&self, request: Request<Bytes>, within: Duration) -> Result<Bytes, CallError> {
        let carrying = self.transport.carry(request, self.config.answer_bytes_max);
        let Answer { status, body } = tokio::time::timeout(within, carrying).await.map_err(|_| CallError::Late)??;
        if status.is_success() { Ok(body) } else { Err(CallError::Problem(Box::new(problem(status, &body)))) }
    }

    /// Adds who asks, and for how long.
    fn sign(&self, headers: &mut HeaderMap, within: Duration) -> Result<(), CallError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        let token = self.signer.sign(&self.identity, now).map_err(|error| CallError::Request(error.to_string()))?;
        headers.insert(IDENTITY_HEADER, header_value(&token)?);
        headers.insert(DEADLINE_HEADER, header_value(&within.as_millis().to_string())?);
        Ok(())
    }
}

/// What the service says; or what its status says, if something between answered for it.
fn problem(status: StatusCode, body: &[u8]) -> ProblemDocument {
    serde_json::from_slice(body)
        .ok()
        .filter(|problem: &ProblemDocument| problem.status == status.as_u16())
        .unwrap_or_else(|| Problem::of_status(status).document(String::new()))
}

fn header_value(value: &str) -> Result<HeaderValue, CallError> {
    HeaderValue::from_str(value).map_err(|_| CallError::Request("a header has invisible characters".into()))
}
