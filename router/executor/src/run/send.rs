//! Sending requests: one for each call, or one for calls that the plan joins, whose answer is then taken apart.

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use indexmap::IndexMap;
use planner::QueryPlan;
use planner::plan::{FetchId, FetchKind, Joint, OperationKind};
use rustc_hash::FxHashMap;

use super::{Call, Request};
use crate::body::{body, joint_body};
use crate::fetch::{FetchError, Idempotent, SubgraphRequest};
use crate::split::split;

/// The bytes of an answer.
pub type Answer = Result<Bytes, FetchError>;

/// By fetch: the index of what it is joined in. Empty where nothing is.
pub struct Joined(Vec<Option<usize>>);

impl Joined {
    /// Of a plan.
    pub fn of(plan: &QueryPlan) -> Self {
        if plan.joint.is_empty() {
            return Self(Vec::new());
        }
        let mut joined = vec![None; plan.fetches.len()];
        for (index, joint) in plan.joint.iter().enumerate() {
            for member in &joint.members {
                if let Some(joint) = joined.get_mut(member.fetch.0 as usize) {
                    *joint = Some(index);
                }
            }
        }
        Self(joined)
    }

    fn joint_of(&self, fetch: FetchId) -> Option<usize> {
        self.0.get(fetch.0 as usize).copied().flatten()
    }
}

/// Sends calls. Each comes back with its own answer, whatever it was sent with.
pub fn send_all<'p>(request: Request<'p>, joined: &Joined, calls: Vec<Call>) -> Vec<BoxFuture<'p, (Call, Answer)>> {
    let mut sent = Vec::with_capacity(calls.len());
    // Of fetches with several batches each, the first go together, then the second.
    let mut batches: FxHashMap<FetchId, usize> = FxHashMap::default();
    let mut together: IndexMap<(usize, usize), Vec<Call>> = IndexMap::new();
    for call in calls {
        match joined.joint_of(call.fetch) {
            Some(joint) if call.part.is_none() => {
                let batch = batches.entry(call.fetch).or_default();
                together.entry((joint, *batch)).or_default().push(call);
                *batch += 1;
            }
            _ => sent.push(send_alone(request, call)),
        }
    }
    for ((joint, _), calls) in together {
        match (request.plan.joint.get(joint), <[Call; 1]>::try_from(calls)) {
            (_, Ok([call])) => sent.push(send_alone(request, call)),
            (Some(joint), Err(calls)) => sent.extend(send_together(request, joint, calls)),
            (None, Err(calls)) => sent.extend(calls.into_iter().map(|call| send_alone(request, call))),
        }
    }
    sent
}

fn send_alone(request: Request<'_>, mut call: Call) -> BoxFuture<'_, (Call, Answer)> {
    let Some(fetch) = call.asks(request.plan) else {
        return async { (call, Err(FetchError::Cancelled)) }.boxed();
    };
    let representations = std::mem::take(&mut call.representations);
    let body = body(fetch, request.variables, representations.as_deref());
    let sent = send(request, call.fetch, body.into());
    async move { (call, sent.await) }.boxed()
}

/// Sends calls as one request that all of them wait for.
fn send_together<'p>(
    request: Request<'p>,
    joint: &'p Joint,
    mut calls: Vec<Call>,
) -> Vec<BoxFuture<'p, (Call, Answer)>> {
    let Some(first) = calls.first().map(|call| call.fetch) else { return Vec::new() };
    let texts: FxHashMap<FetchId, Vec<u8>> =
        calls.iter_mut().filter_map(|call| Some((call.fetch, call.representations.take()?))).collect();
    let body = joint_body(joint, request.variables, &texts);
    let sent = send(request, first, body.into());
    let keys = || joint.members.iter().map(|member| member.response_key.as_str());
    let answers = async move { sent.await.and_then(|bytes| split(&bytes, &keys().collect::<Vec<_>>())) };
    let answers = answers.boxed().shared();
    let position = |call: &Call| joint.members.iter().position(|member| member.fetch == call.fetch);
    let part = |call: Call| {
        let (answers, position) = (answers.clone(), position(&call));
        async move {
            let parts = answers.await;
            let missing = || FetchError::Malformed("no answer".to_owned());
            let own = parts.and_then(|parts| position.and_then(|at| parts.get(at).cloned()).ok_or_else(missing));
            (call, own)
        }
        .boxed()
    };
    calls.into_iter().map(part).collect()
}

async fn send(request: Request<'_>, id: FetchId, body: Bytes) -> Answer {
    let Some(fetch) = request.plan.fetches.get(id.0 as usize) else { return Err(FetchError::Cancelled) };
    let mutates = request.plan.kind == OperationKind::Mutation && matches!(fetch.kind, FetchKind::Root { .. });
    let idempotent = if mutates { Idempotent::No } else { Idempotent::Yes };
    let subgraph_request = SubgraphRequest { subgraph: fetch.subgraph, body, idempotent };
    let context = request.context;
    let answer = async {
        let mut responses = request.fetch.fetch(subgraph_request, context).await?;
        responses.next().await.unwrap_or_else(|| Err(FetchError::Malformed("no answer".to_owned())))
    };
    tokio::select! {
        biased;
        () = context.cancellation.cancelled() => Err(FetchError::Cancelled),
        answer = tokio::time::timeout_at(context.deadline.into(), answer) => {
            answer.unwrap_or(Err(FetchError::Timeout))
        }
    }
}
