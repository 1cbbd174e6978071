//! Several operations in one request: a JSON list of requests, answered by the list of their responses, in order.
//!
//! Each is answered as if it had come alone; the pipeline's checks hold for each. What holds for the request, its size
//! and its time, holds for all together. Responses in parts are not for batches.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use graphql::json;

use crate::config::Batch;
use crate::pipeline::{Errors, OperationInfo, Outcome, Pipeline, Reply, RequestScope};
use crate::refusal::{Refusal, RefusalKind};
use crate::request::GraphQlRequest;

/// What one HTTP request asks.
pub(super) enum Asked {
    /// One operation.
    One(GraphQlRequest),
    /// A list of them; what is no request is refused in its place.
    Batch(Vec<Result<GraphQlRequest, Refusal>>),
}

impl Asked {
    /// From the JSON value of a body.
    pub fn from_json(value: json::Value, config: &Batch) -> Result<Self, Refusal> {
        let entries = match value {
            json::Value::Array(entries) if config.enabled => entries,
            value => return GraphQlRequest::from_json(value).map(Self::One),
        };
        if entries.is_empty() {
            return Err(Refusal::parameters("the batch holds no operation"));
        }
        if entries.len() > config.operations_max {
            let message = format!("the batch holds more than {} operations", config.operations_max);
            return Err(Refusal::new(RefusalKind::Parameters, "BATCH_TOO_LARGE", message));
        }
        Ok(Self::Batch(entries.into_iter().map(GraphQlRequest::from_json).collect()))
    }
}

/// Answers the operations of a batch, at the same time.
pub(super) async fn answer(
    pipeline: &Arc<Pipeline>,
    requests: Vec<Result<GraphQlRequest, Refusal>>,
    scope: &RequestScope,
) -> Vec<Reply> {
    join_all(requests.into_iter().map(|request| one(pipeline, request, scope))).await
}

/// One operation, whose fault is no other's.
async fn one(pipeline: &Arc<Pipeline>, request: Result<GraphQlRequest, Refusal>, scope: &RequestScope) -> Reply {
    let refused = |refusal| Reply { operation: OperationInfo::default(), outcome: Outcome::Refused(refusal) };
    let request = match request {
        Ok(request) => request,
        Err(refusal) => return refused(refusal),
    };
    let scope = RequestScope { parts: None, ..scope.clone() };
    let trace_id = Arc::clone(&scope.context.trace_id);
    let answered = AssertUnwindSafe(async { pipeline.execute(request, scope).next().await }).catch_unwind().await;
    match answered {
        Ok(Some(reply)) => reply,
        Ok(None) => refused(Refusal::internal(&trace_id)),
        Err(_) => {
            tracing::error!(trace_id = &*trace_id, "an operation of a batch panicked");
            refused(Refusal::internal(&trace_id))
        }
    }
}

/// The replies as one.
pub(super) fn together(replies: &[Reply]) -> Reply {
    let (mut body, mut errors) = (vec![b'['], Errors::None);
    for (index, reply) in replies.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        match &reply.outcome {
            Outcome::Executed { body: response, errors: own } | Outcome::Part { body: response, errors: own, .. } => {
                body.extend_from_slice(response);
                errors = if *own == Errors::Some { Errors::Some } else { errors };
            }
            Outcome::Refused(refusal) => {
                body.extend_from_slice(&refusal.to_body());
                errors = Errors::Some;
            }
        }
    }
    body.push(b']');
    Reply { operation: OperationInfo::default(), outcome: Outcome::Executed { body: body.into(), errors } }
}
