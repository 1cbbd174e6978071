//! Running the fetches: each starts as soon as all that it reads has come.
//!
//! All in one task: the fetches wait together, and what they bring is merged between. Mutations stand one after
//! another in the plan, and none starts after a fault that makes `data` null.

mod absorb;
mod conflicts;
mod doomed;
mod place_in_answer;
mod positions;
mod reported;
mod send;
mod start;
mod together;

use std::collections::VecDeque;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use planner::QueryPlan;
use planner::plan::{Fetch, FetchId, FetchKind, OperationKind};

use crate::Request;
use crate::bulk::bulk;
use crate::errors::Errors;
use crate::store::{NodeId, Store};
use send::{Answer, Calls, Joined, send_all};

/// One request that is under way.
pub struct Call {
    fetch: FetchId,
    /// Which of the fetch's calls it is, from 1.
    number: usize,
    /// Which of the fetch's parts it asks; none asks all at once.
    part: Option<usize>,
    /// For entities: their representations, with commas between them and no brackets.
    representations: Option<Vec<u8>>,
    /// By contextual argument: the value for all of these entities, in JSON.
    values: Vec<Vec<u8>>,
    /// The objects that the answer is for, each with its number in the answer.
    positions: Vec<(NodeId, usize)>,
    /// How many objects the answer should have.
    count: usize,
}

impl Call {
    /// What it asks.
    fn asks<'p>(&self, plan: &'p QueryPlan) -> Option<&'p Fetch> {
        let fetch = plan.fetches.get(self.fetch.0 as usize)?;
        match self.part {
            Some(part) => fetch.apart.get(part),
            None => Some(fetch),
        }
    }

    fn objects(&self) -> Vec<NodeId> {
        self.positions.iter().map(|(node, _)| *node).collect()
    }
}

/// A run of a plan's fetches.
pub struct Run<'p> {
    request: Request<'p>,
    /// What has come, merged.
    pub store: Store<'p>,
    /// What went wrong so far.
    pub errors: Errors<'p>,
    /// By fetch: how many of those that it waits for are not done.
    waiting: Vec<usize>,
    /// By fetch: how many of its requests are under way.
    open: Vec<usize>,
    /// By fetch: whether all has come that ever will.
    is_done: Vec<bool>,
    /// By fetch: which wait for it.
    followers: Vec<Vec<FetchId>>,
    joined: Joined,
    under_way: FuturesUnordered<BoxFuture<'p, (Calls, Answer)>>,
}

impl<'p> Run<'p> {
    /// Starts the fetches that wait for nothing.
    pub fn start_of(request: Request<'p>) -> Self {
        let plan = request.plan;
        let mut run = Run {
            request,
            store: Store::new(plan.root, request.policy),
            errors: Errors::new(request.policy.errors_max),
            waiting: plan.fetches.iter().map(|fetch| fetch.after.len()).collect(),
            open: vec![0; plan.fetches.len()],
            is_done: vec![false; plan.fetches.len()],
            followers: followers(plan),
            joined: Joined::of(plan),
            under_way: FuturesUnordered::new(),
        };
        let ready: Vec<FetchId> = ids(plan).filter(|id| run.waiting.get(id.0 as usize) == Some(&0)).collect();
        run.send_all(ready);
        run
    }

    /// Waits for one answer, and does what it makes possible. `false` if there is none to wait for.
    pub async fn step(&mut self) -> bool {
        let Some((calls, answer)) = self.under_way.next().await else { return false };
        let bytes = answer.as_ref().map_or(0, Bytes::len);
        let ready = match calls {
            Calls::One(call) => {
                let id = call.fetch;
                bulk(bytes, || self.absorb(call, answer));
                self.closed(id)
            }
            Calls::Several(calls) => {
                let ids: Vec<FetchId> = calls.iter().map(|(call, _)| call.fetch).collect();
                bulk(bytes, || self.absorb_together(calls, answer));
                ids.into_iter().flat_map(|id| self.closed(id)).collect()
            }
        };
        if !ready.is_empty() {
            bulk(self.store.bytes(), || self.send_all(ready));
        }
        true
    }

    /// A request of a fetch is answered: the fetches that waited for it alone, if it was the last.
    fn closed(&mut self, id: FetchId) -> Vec<FetchId> {
        let open = self.open.get_mut(id.0 as usize).map_or(0, |open| {
            *open = open.saturating_sub(1);
            *open
        });
        if open == 0 { self.done(id) } else { Vec::new() }
    }

    /// Whether all that these fetches bring has come.
    pub fn are_done(&self, fetches: &[FetchId]) -> bool {
        fetches.iter().all(|id| self.is_done.get(id.0 as usize).copied().unwrap_or(true))
    }

    fn send_all(&mut self, ready: Vec<FetchId>) {
        let request = self.request;
        let calls = self.start_all(ready);
        self.under_way.extend(send_all(request, &self.joined, calls));
    }
}

fn ids(plan: &QueryPlan) -> impl Iterator<Item = FetchId> {
    (0u32..).take(plan.fetches.len()).map(FetchId)
}

fn followers(plan: &QueryPlan) -> Vec<Vec<FetchId>> {
    let mut followers = vec![Vec::new(); plan.fetches.len()];
    for (id, fetch) in ids(plan).zip(&plan.fetches) {
        for before in &fetch.after {
            if let Some(followers) = followers.get_mut(before.0 as usize) {
                followers.push(id);
            }
        }
    }
    followers
}

impl Run<'_> {
    /// Starts fetches; one that has nothing to ask is done at once, and those waiting for it start too.
    fn start_all(&mut self, ready: Vec<FetchId>) -> Vec<Call> {
        let mut ready = VecDeque::from(ready);
        let mut calls = Vec::new();
        while let Some(id) = ready.pop_front() {
            let started = if self.stopped(id) { Vec::new() } else { self.start(id) };
            if let Some(open) = self.open.get_mut(id.0 as usize) {
                *open = started.len();
            }
            if started.is_empty() {
                ready.extend(self.done(id));
            }
            calls.extend(started);
        }
        calls
    }

    /// The fetches that waited for this one alone.
    fn done(&mut self, id: FetchId) -> Vec<FetchId> {
        if let Some(is_done) = self.is_done.get_mut(id.0 as usize) {
            *is_done = true;
        }
        let followers = self.followers.get_mut(id.0 as usize).map(std::mem::take).unwrap_or_default();
        let ready = |follower: &FetchId| {
            self.waiting.get_mut(follower.0 as usize).is_some_and(|waiting| {
                *waiting = waiting.saturating_sub(1);
                *waiting == 0
            })
        };
        followers.into_iter().filter(ready).collect()
    }

    /// Whether a mutation must not run any more, since an earlier one has made `data` null.
    fn stopped(&self, id: FetchId) -> bool {
        let plan = self.request.plan;
        let is_mutation = |id: FetchId| {
            let fetch = plan.fetches.get(id.0 as usize);
            plan.kind == OperationKind::Mutation
                && fetch.is_some_and(|fetch| matches!(&fetch.kind, FetchKind::Root { path } if path.is_empty()))
        };
        // Before the first nothing has come.
        is_mutation(id) && self.is_done.contains(&true) && self.is_doomed()
    }
}
