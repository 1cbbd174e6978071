//! Sending requests: one for each call, or one for calls that the plan joins or that ask the same with other values from
//! contexts.

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use indexmap::IndexMap;
use planner::QueryPlan;
use planner::plan::{Entities, FetchId, FetchKind, Grouped, Joint, OperationKind};
use rustc_hash::FxHashMap;

use super::{Call, Request};
use crate::body::{Body, body, grouped_body, joint_body};
use crate::fetch::{FetchError, Idempotent, SubgraphRequest};

/// Groups of entities that are asked in one request: each is an aliased field there, and servers bound those.
const GROUPS_MAX: usize = 50;

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

/// The calls that one request is for.
pub enum Calls {
    /// Its answer is the call's.
    One(Call),
    /// Each has the response key of its entities in the answer.
    Several(Vec<(Call, String)>),
}

/// A request under way.
type Sent<'p> = BoxFuture<'p, (Calls, Answer)>;

/// Sends calls, some of them together.
pub fn send_all<'p>(request: Request<'p>, joined: &Joined, calls: Vec<Call>) -> Vec<Sent<'p>> {
    let mut sent = Vec::with_capacity(calls.len());
    // Of fetches with several batches each, the first go together, then the second.
    let mut batches: FxHashMap<FetchId, usize> = FxHashMap::default();
    let mut together: IndexMap<(usize, usize), Vec<Call>> = IndexMap::new();
    let mut groups: IndexMap<(FetchId, Option<usize>), Vec<Call>> = IndexMap::new();
    for call in calls {
        if !call.values.is_empty() {
            groups.entry((call.fetch, call.part)).or_default().push(call);
            continue;
        }
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
    for calls in groups.into_values().flat_map(|calls| chunks(calls, request.policy.representations_max)) {
        match <[Call; 1]>::try_from(calls) {
            Ok([call]) => sent.push(send_alone(request, call)),
            Err(calls) => sent.extend(send_groups(request, calls)),
        }
    }
    sent
}

/// Splits calls into those that may go in one request.
fn chunks(calls: Vec<Call>, representations_max: usize) -> Vec<Vec<Call>> {
    let mut chunks: Vec<Vec<Call>> = Vec::new();
    let mut representations = 0;
    for call in calls {
        representations += call.count;
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < GROUPS_MAX && representations <= representations_max => chunk.push(call),
            _ => {
                representations = call.count;
                chunks.push(vec![call]);
            }
        }
    }
    chunks
}

fn send_alone(request: Request<'_>, mut call: Call) -> Sent<'_> {
    let Some(fetch) = call.asks(request.plan) else {
        return async { (Calls::One(call), Err(FetchError::Cancelled)) }.boxed();
    };
    let representations = std::mem::take(&mut call.representations);
    let body = body(fetch, request.variables, (representations.as_deref(), &call.values));
    let sent = send(request, call.fetch, body);
    async move { (Calls::One(call), sent.await) }.boxed()
}

/// Sends calls as one request that all of them wait for.
fn send_together<'p>(request: Request<'p>, joint: &'p Joint, mut calls: Vec<Call>) -> Option<Sent<'p>> {
    let first = calls.first()?.fetch;
    let texts: FxHashMap<FetchId, Vec<u8>> =
        calls.iter_mut().filter_map(|call| Some((call.fetch, call.representations.take()?))).collect();
    let body = joint_body(joint, request.variables, &texts);
    let member = |call: &Call| joint.members.iter().find(|member| member.fetch == call.fetch);
    let key = |call: &Call| member(call).map(|member| member.response_key.clone()).unwrap_or_default();
    let keys: Vec<String> = calls.iter().map(key).collect();
    let calls = calls.into_iter().zip(keys).collect();
    let sent = send(request, first, body);
    Some(async move { (Calls::Several(calls), sent.await) }.boxed())
}

/// Sends calls of one fetch, or of one part of it, as one request: each is a group of entities with values of its own.
fn send_groups<'p>(request: Request<'p>, mut calls: Vec<Call>) -> Vec<Sent<'p>> {
    let Some((first, fetch)) = calls.first().and_then(|call| Some((call.fetch, call.asks(request.plan)?))) else {
        return Vec::new();
    };
    let grouped = match &fetch.kind {
        FetchKind::Entities(Entities { grouped: Some(grouped), .. }) => &**grouped,
        _ => return calls.into_iter().map(|call| send_alone(request, call)).collect(),
    };
    let given = calls
        .iter_mut()
        .map(|call| (std::mem::take(&mut call.representations).unwrap_or_default(), std::mem::take(&mut call.values)));
    let given: Vec<_> = given.collect();
    let body = grouped_body((fetch, grouped), request.variables, &given);
    let calls = calls.into_iter().enumerate().map(|(group, call)| (call, Grouped::response_key(group))).collect();
    let sent = send(request, first, body);
    vec![async move { (Calls::Several(calls), sent.await) }.boxed()]
}

async fn send(request: Request<'_>, id: FetchId, body: Body) -> Answer {
    let Some(fetch) = request.plan.fetches.get(id.0 as usize) else { return Err(FetchError::Cancelled) };
    let mutates = request.plan.kind == OperationKind::Mutation && matches!(fetch.kind, FetchKind::Root { .. });
    let idempotent = if mutates { Idempotent::No } else { Idempotent::Yes };
    let Body { text, named } = body;
    let subgraph_request = SubgraphRequest { subgraph: fetch.subgraph, body: text.into(), named, idempotent };
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
