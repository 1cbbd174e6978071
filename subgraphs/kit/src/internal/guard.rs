//! What every call passes: identity first, then the deadline; and every error leaves as a problem.

use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, StatusCode},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;
use wire::identity::IDENTITY_HEADER;

use super::{CallingService, DOCUMENT, Deadline, InternalConfig, Problem, problem::IsProblem};
use crate::{
    subgraph::{Access, SdlAccess, TraceId},
    trace::{Parent, Span},
};

/// Who may call, and for how long.
pub(super) struct Guard {
    pub name: &'static str,
    pub access: Access,
    pub callers: Vec<&'static str>,
    pub config: InternalConfig,
}

/// Lets a call pass, or answers it.
pub(super) async fn guard(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let call = Span::server(Parent::Remote(text(request.headers(), "traceparent")), || {
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
        let name = format!("{} {route}", request.method());
        (name, vec![("supergraph.service", guard.name.into()), ("http.route", route.into())])
    });
    let trace = TraceId::of(&call);
    let span = tracing::info_span!("internal", service = guard.name, trace_id = %trace);
    let answering = async move { sealed(guard.pass(request, next).await, trace) };
    let response = call.run(answering.instrument(span)).await;
    if response.status().is_server_error() {
        call.fail("server_error");
    }
    response
}

impl Guard {
    async fn pass(&self, mut request: Request, next: Next) -> Result<Response, Problem> {
        let is_open = request.uri().path() == DOCUMENT && self.access.sdl_open == SdlAccess::Open;
        if !is_open {
            let caller = self.caller(request.headers())?;
            request.extensions_mut().insert(caller);
        }
        let deadline = Deadline::of(request.headers(), self.config.deadline_longest())?;
        request.extensions_mut().insert(deadline);
        tokio::time::timeout(deadline.left(), next.run(request))
            .await
            .map_err(|_| Problem::of_status(StatusCode::GATEWAY_TIMEOUT))
    }

    fn caller(&self, headers: &HeaderMap) -> Result<CallingService, Problem> {
        let identity = self.access.identify(text(headers, IDENTITY_HEADER));
        let identity = identity.ok_or_else(|| Problem::of_status(StatusCode::UNAUTHORIZED))?;
        CallingService::of(&identity)
            .filter(|caller| self.callers.contains(&caller.name()))
            .ok_or_else(|| Problem::of_status(StatusCode::FORBIDDEN))
    }
}

/// An answer as the caller gets it. What isn't a problem of ours and says by its status that it is one says nothing else: its
/// text is that of a library, or of a handler that forgot itself.
fn sealed(answer: Result<Response, Problem>, trace: TraceId) -> Response {
    let response = match answer {
        Ok(response) => response,
        Err(problem) => return problem.document(trace.to_string()).into_response(),
    };
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let mut document = match response.extensions().get::<IsProblem>() {
        Some(IsProblem(document)) => document.clone(),
        None => Problem::of_status(status).document(String::new()),
    };
    document.trace_id = trace.to_string();
    document.into_response()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
