//! The life of one HTTP request at `/graphql`, in reading order.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use executor::{AnswerHeaders, Form, RequestContext};
use futures::{FutureExt, StreamExt};
use http::header::{COOKIE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode, Uri};

use super::accept::{Accepted, MediaType, negotiate};
use super::batch::{self, Asked};
use super::body::{self, Bounds};
use super::multipart::{self, Rest};
use super::told::Account;
use super::{get, post, respond};
use crate::config::StatusCodes;
use crate::generation::Shared;
use crate::pipeline::{Operations, Outcome, Reply, RequestScope, is_last};
use crate::refusal::{Refusal, RefusalKind};
use crate::telemetry::trace::{TRACEPARENT, TRACESTATE, Trace};

/// What subgraph calls leave for merging and writing once the deadline has cut them off.
const GRACE: Duration = Duration::from_secs(2);

/// Answers a request at `/graphql`.
pub(super) async fn graphql(shared: Arc<Shared>, request: Request) -> Result<Response, Infallible> {
    let (parts, body) = request.into_parts();
    let trace = Trace::of(&parts.headers, shared.sources.unix_seconds());
    let mut account =
        Account::begin(&shared, &parts.method, shared.clients.read(&parts.headers), Arc::clone(trace.id()));
    let deadline = account.start() + Duration::from_millis(shared.config.server.request_timeout_ms);
    let answer_headers = AnswerHeaders::default();
    let call = Call { deadline, method: parts.method, uri: parts.uri, trace, headers: parts.headers, answer_headers };
    let accepted = negotiate(&call.headers);
    let Answered { reply, rest, batch } = match accepted {
        // First, and for as little as possible: what a refusal takes, others can't be answered with.
        _ if shared.admission.is_full(shared.bounds) => {
            body::throw_away(body, &bounds(&shared, &call), 1).boxed().await;
            refuse(overloaded()).into()
        }
        Some(accepted) => answer(&shared, &call, body, accepted).await,
        None => {
            let message = "the answer is application/graphql-response+json, application/json or, in parts, \
                           multipart/mixed; accept one of them";
            refuse(not_acceptable(message)).into()
        }
    };
    let answers = Answers { accepted, codes: shared.config.http.status_codes };
    let mut response = match (&reply.outcome, rest) {
        (Outcome::Part { body, .. }, Some(rest)) => {
            account.answered(&reply, &batch, StatusCode::OK.as_u16());
            multipart::several(answers.form(), body, rest, account.awaits())
        }
        (outcome, _) => {
            let response = answers.to(outcome);
            account.answered(&reply, &batch, response.status().as_u16());
            response
        }
    };
    response.headers_mut().extend(call.answer_headers.take());
    Ok(response)
}

/// How answers are put.
struct Answers {
    accepted: Option<Accepted>,
    codes: StatusCodes,
}

impl Answers {
    fn form(&self) -> Form {
        self.accepted.and_then(|accepted| accepted.parts).unwrap_or(Form::Fragments)
    }

    /// Puts an answer that comes whole into what the client accepts.
    fn to(&self, outcome: &Outcome) -> Response {
        let whole = self.accepted.map_or(Some(MediaType::Json), |accepted| accepted.whole);
        match (outcome, whole) {
            (Outcome::Part { body, errors, .. }, Some(media)) => {
                respond::executed(multipart::from_only_part(body), *errors, (media, self.codes))
            }
            (Outcome::Executed { body, errors }, Some(media)) => {
                respond::executed(body.clone(), *errors, (media, self.codes))
            }
            (Outcome::Part { body, .. } | Outcome::Executed { body, .. }, None) => multipart::single(self.form(), body),
            // There is no part to tell of a refusal in: its status and body say it in the newer media type.
            (Outcome::Refused(refusal), media) => {
                respond::refused(refusal, (media.unwrap_or(MediaType::GraphqlResponse), self.codes))
            }
        }
    }
}

/// What is answered: a reply, and what follows it if it is the first part of a response.
struct Answered {
    reply: Reply,
    rest: Option<Rest>,
    /// The replies that `reply` is made of, if the request was a batch.
    batch: Vec<Reply>,
}

impl From<Reply> for Answered {
    fn from(reply: Reply) -> Self {
        Self { reply, rest: None, batch: Vec::new() }
    }
}

/// One HTTP request's head.
struct Call {
    /// When it is given up.
    deadline: Instant,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    trace: Trace,
    /// What its answer gets of subgraphs' answers.
    answer_headers: AnswerHeaders,
}

async fn answer(shared: &Arc<Shared>, call: &Call, body: Body, accepted: Accepted) -> Answered {
    let work = AssertUnwindSafe(run(shared, call, body, accepted)).catch_unwind();
    match tokio::time::timeout_at((call.deadline + GRACE).into(), work).await {
        Ok(Ok(Ok(answered))) => answered,
        Ok(Ok(Err(refusal))) => refuse(refusal).into(),
        Ok(Err(_)) => {
            tracing::error!(trace_id = &**call.trace.id(), "a request panicked");
            refuse(Refusal::internal(call.trace.id())).into()
        }
        Err(_) => {
            let message = "the request was not answered in time";
            refuse(Refusal::new(RefusalKind::Timeout, "REQUEST_TIMEOUT", message)).into()
        }
    }
}

async fn run(shared: &Arc<Shared>, call: &Call, body: Body, accepted: Accepted) -> Result<Answered, Refusal> {
    let operations = match call.method {
        Method::POST => Operations::QueriesAndMutations,
        Method::GET => Operations::Queries,
        _ => {
            let kind = RefusalKind::MethodNotAllowed("GET, POST");
            return Err(Refusal::new(kind, "METHOD_NOT_ALLOWED", "GraphQL is served by POST and GET"));
        }
    };
    let arrived = arrive(shared, call, body).await?;
    // Only now: whoever lets us wait for a body must not keep others from being answered.
    let admitted = shared.admission.admit(1, shared.bounds).ok_or_else(overloaded)?;
    let asked = match arrived {
        Arrived::Body(body) => body.read(&shared.config).await?,
        Arrived::Url => Asked::One(get::read(call.uri.query().unwrap_or_default())?),
    };
    let caller = shared.authenticator.authenticate(&call.headers).await?;
    // Dropped with this future, or with the response's parts: a client that goes away cancels the calls made for it.
    let cancellation = shared.stop.child_token();
    let cancel = cancellation.clone().drop_guard();
    let context = RequestContext {
        identity: caller.identity,
        headers: Arc::new(forwarded(shared, call)),
        deadline: call.deadline,
        cancellation,
        trace_id: Arc::clone(call.trace.id()),
        answer_headers: call.answer_headers.clone(),
    };
    let scope = RequestScope { context, operations, parts: accepted.parts, admitted: Some(Arc::new(admitted)) };
    let request = match asked {
        Asked::One(request) => request,
        Asked::Batch(_) if accepted.whole.is_none() => {
            let message = "a batch is answered by application/graphql-response+json or application/json; accept one";
            return Err(not_acceptable(message));
        }
        Asked::Batch(requests) => {
            let others = requests.len().saturating_sub(1);
            let _others = shared.admission.admit(others, shared.bounds).ok_or_else(overloaded)?;
            let batch = batch::answer(&shared.pipeline, requests, &scope).boxed().await;
            return Ok(Answered { reply: batch::together(&batch), rest: None, batch });
        }
    };
    let mut replies = shared.pipeline.execute(request, scope);
    let reply = replies.next().await.ok_or_else(|| Refusal::internal(call.trace.id()))?;
    if is_last(&reply.outcome) {
        return Ok(reply.into());
    }
    Ok(Answered { reply, rest: Some(Rest { replies, cancel }), batch: Vec::new() })
}

fn not_acceptable(message: &str) -> Refusal {
    Refusal::new(RefusalKind::NotAcceptable, "NOT_ACCEPTABLE", message)
}

fn overloaded() -> Refusal {
    Refusal::new(RefusalKind::Overloaded, "OVERLOADED", "too many requests are being answered; try again")
}

/// Where a request stands, all of which has come.
enum Arrived {
    Body(post::Received),
    Url,
}

async fn arrive(shared: &Shared, call: &Call, body: Body) -> Result<Arrived, Refusal> {
    if call.method != Method::POST {
        shared.csrf.check(&call.headers)?;
        return Ok(Arrived::Url);
    }
    post::receive(&call.headers, body, &shared.config, &bounds(shared, call)).await.map(Arrived::Body)
}

/// Within what a request's body has to arrive.
fn bounds(shared: &Shared, call: &Call) -> Bounds {
    Bounds {
        bytes_max: shared.config.limits.body_bytes_max,
        idle_max: Duration::from_millis(shared.config.server.body_idle_timeout_ms),
        deadline: call.deadline.into(),
        room: Arc::clone(&shared.bodies),
    }
}

fn forwarded(shared: &Shared, call: &Call) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(shared.forward.len() + 1);
    for name in &shared.forward {
        for value in call.headers.get_all(name) {
            headers.append(name.clone(), value.clone());
        }
    }
    // HTTP/2 may have them in crumbs, HTTP/1.1 must not (RFC 9113 §8.2.3).
    join(&mut headers, &COOKIE, b"; ");
    headers.insert(TRACEPARENT, call.trace.to_header());
    if call.trace.is_callers() {
        for value in call.headers.get_all(TRACESTATE) {
            headers.append(TRACESTATE, value.clone());
        }
    }
    headers
}

/// Makes one header of those with a name.
fn join(headers: &mut HeaderMap, name: &HeaderName, separator: &[u8]) {
    if headers.get_all(name).iter().nth(1).is_none() {
        return;
    }
    let values: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(joined) = HeaderValue::from_bytes(&values.join(separator)) {
        headers.insert(name, joined);
    }
}

fn refuse(refusal: Refusal) -> Reply {
    Reply { operation: crate::pipeline::OperationInfo::default(), outcome: Outcome::Refused(refusal) }
}
