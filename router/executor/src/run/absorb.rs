//! What an answer does: its data is merged, its errors are mapped to the client's paths.

use bytes::Bytes;
use graphql::json::Value;
use planner::plan::{Fetch, FetchId, FetchKind};

use super::positions::POSITIONS_MAX;
use super::reported::Came;
use super::{Call, Run};
use crate::errors::{Fault, Shown};
use crate::fetch::FetchError;
use crate::fill::give_up;
use crate::merge::{merge, merge_copy};
use crate::null::{Null, Reason};
use crate::read::{Data, Expect, read_answer};
use crate::sent::Lack;
use crate::store::{Node, NodeId};

impl<'p> Run<'p> {
    /// Takes the answer of a request.
    pub fn absorb(&mut self, call: Call, answer: Result<Bytes, FetchError>) {
        let plan = self.request.plan;
        let Some(fetch) = call.asks(plan) else { return };
        self.errors.about(call.fetch, call.number);
        let used = answer.and_then(|bytes| self.use_answer(&call, fetch, &bytes));
        if let Err(error) = used {
            self.fail(&call, fetch, &error);
        }
    }

    fn use_answer(&mut self, call: &Call, fetch: &'p Fetch, bytes: &Bytes) -> Result<(), FetchError> {
        let expect = match fetch.kind {
            FetchKind::Root { .. } => Expect::Root,
            FetchKind::Entities(_) => Expect::Entities,
        };
        let of = (self.request.supergraph, fetch.subgraph);
        let before = self.store.mark();
        let answer = read_answer(&mut self.store, of, (call.fetch, bytes), (expect, &fetch.output));
        let answer = answer.map_err(|error| FetchError::Malformed(error.to_string()))?;
        let objects = usable(answer.data, call.count).map(Some);
        // With errors there is nothing to add: they say why.
        let objects = objects.or_else(|reason| if answer.errors.is_some() { Ok(None) } else { Err(reason) });
        if !matches!(objects, Ok(Some(_))) {
            self.store.forget(before);
        }
        let objects = objects.map_err(|reason| FetchError::Malformed(reason.to_owned()))?;
        let mut reported = answer.errors.map(|span| self.read_errors(call, fetch, bytes, span));
        let came = match objects {
            Some(objects) => {
                // Before it is merged: what others gave is none of the errors' business.
                reported.iter_mut().for_each(|errors| self.mark(call, fetch, &objects, errors));
                self.merge_all(call, fetch, &objects);
                Came::Data
            }
            None => {
                self.fill_all(call, fetch);
                Came::Nothing
            }
        };
        if let Some(errors) = reported {
            self.report(call, fetch, errors, came);
        }
        Ok(())
    }

    /// Takes what came for a call without any error.
    pub fn absorb_data(&mut self, call: &Call, data: Data) {
        let Some(fetch) = call.asks(self.request.plan) else { return };
        self.errors.about(call.fetch, call.number);
        match usable(data, call.count) {
            Ok(objects) => self.merge_all(call, fetch, &objects),
            Err(reason) => self.fail(call, fetch, &FetchError::Malformed(reason.to_owned())),
        }
    }

    fn merge_all(&mut self, call: &Call, fetch: &'p Fetch, objects: &[NodeId]) {
        let mut uses = vec![0usize; objects.len()];
        for (_, number) in &call.positions {
            if let Some(uses) = uses.get_mut(*number) {
                *uses += 1;
            }
        }
        let mut conflicts = Vec::new();
        for (position, number) in &call.positions {
            let (Some(object), Some(uses)) = (objects.get(*number), uses.get_mut(*number)) else { continue };
            if let &Node::Null(Null { reason, .. }) = self.store.node(*object) {
                let _ = give_up(&mut self.store, *position, &fetch.output, reason);
                continue;
            }
            *uses = uses.saturating_sub(1);
            // The last place takes the object itself. A full store shows as missing values, which are told.
            let found = match *uses {
                0 => Ok(merge(&mut self.store, *position, *object)),
                _ => merge_copy(&mut self.store, *position, *object),
            };
            if let Ok(found) = found {
                let found = found.into_iter().take(POSITIONS_MAX - conflicts.len());
                conflicts.extend(found.map(|conflict| (*position, conflict)));
            }
        }
        if !conflicts.is_empty() {
            self.tell_conflicts(fetch, conflicts);
        }
    }

    fn fill_all(&mut self, call: &Call, fetch: &'p Fetch) {
        for (position, _) in &call.positions {
            let _ = give_up(&mut self.store, *position, &fetch.output, Reason::Failed(call.fetch));
        }
    }

    /// Nothing usable came: everything that the fetch should have filled is null, and every position is told.
    fn fail(&mut self, call: &Call, fetch: &'p Fetch, error: &FetchError) {
        let request = self.request;
        let name = request.supergraph.subgraphs.get(usize::from(fetch.subgraph.0)).map_or("", |info| &info.name);
        tracing::warn!(subgraph = name, code = error.code(), trace_id = &*request.context.trace_id, "{error}");
        self.fill_all(call, fetch);
        let shown = Shown::new(request.supergraph, fetch.subgraph, request.policy);
        self.tell_positions(fetch, &call.objects(), |path, more| {
            let mut entry = shown.entry(Fault::Failed(error), path, more);
            entry.extensions.push(("traceId".to_owned(), Value::String(request.context.trace_id.to_string())));
            entry
        });
    }

    /// Objects that can't be asked for: what is asked of them is null, and where something failed before, each is
    /// told that isn't told already.
    pub fn leave_out(&mut self, (id, fetch): (FetchId, &'p Fetch), incomplete: &[(NodeId, Lack)]) {
        for (node, lack) in incomplete {
            let reason = match lack {
                Lack::Null => Reason::Answered,
                Lack::Failed => Reason::Failed(id),
            };
            let _ = give_up(&mut self.store, *node, &fetch.output, reason);
        }
        let failed = incomplete.iter().filter(|(_, lack)| *lack == Lack::Failed);
        let failed: Vec<NodeId> = failed.map(|(node, _)| *node).collect();
        if failed.is_empty() {
            return;
        }
        let shown = Shown::new(self.request.supergraph, fetch.subgraph, self.request.policy);
        self.tell_positions(fetch, &failed, |path, more| shown.entry(Fault::NotAsked, path, more));
    }
}

/// The objects of an answer, or why it has none.
fn usable(data: Data, count: usize) -> Result<Vec<NodeId>, &'static str> {
    match data {
        Data::Root(object) => Ok(vec![object]),
        Data::Entities(objects) if objects.len() == count => Ok(objects),
        Data::Entities(_) => Err("_entities has another length"),
        Data::None => Err("data is null and there is no error"),
        Data::Malformed(reason) => Err(reason),
    }
}
