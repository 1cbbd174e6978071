//! What one fetch asks: its requests, and the objects that get the answers.

use planner::plan::{Fetch, FetchId, FetchKind};

use super::{Call, Run};
use crate::contexts::{Group, Groups, groups};
use crate::path::objects_at;
use crate::represent::{Batch, represent};
use crate::sent::Lack;
use crate::store::NodeId;

impl Run<'_> {
    /// The requests of a fetch; none if nothing is to be asked.
    pub fn start(&mut self, id: FetchId) -> Vec<Call> {
        let request = self.request;
        let Some(fetch) = request.plan.fetches.get(id.0 as usize) else { return Vec::new() };
        match &fetch.kind {
            FetchKind::Root { path } => {
                let objects = objects_at(&self.store, std::slice::from_ref(path));
                if objects.is_empty() {
                    return Vec::new();
                }
                let positions = objects.into_iter().map(|object| (object, 0)).collect();
                vec![Call {
                    fetch: id,
                    number: 1,
                    part: None,
                    representations: None,
                    values: Vec::new(),
                    positions,
                    count: 1,
                }]
            }
            FetchKind::Entities(entities) => {
                let objects = objects_at(&self.store, &entities.paths);
                self.errors.about(id, 0);
                // All that is sent for one fetch takes no more than a response may.
                let mut room = request.policy.response_bytes_max;
                let (mut calls, incomplete) = self.ask(id, (None, fetch), &objects, &mut room);
                if fetch.apart.is_empty() {
                    self.leave_out((id, fetch), &incomplete);
                    return numbered(calls);
                }
                // Who lacks what some fields require gets the others all the same.
                let objects: Vec<NodeId> = incomplete.iter().map(|(node, _)| *node).collect();
                for (number, part) in fetch.apart.iter().enumerate().filter(|_| !objects.is_empty()) {
                    let (more, incomplete) = self.ask(id, (Some(number), part), &objects, &mut room);
                    self.leave_out((id, part), &incomplete);
                    calls.extend(more);
                }
                numbered(calls)
            }
        }
    }

    /// The calls for objects by a fetch or a part of it, and the objects that it can't ask.
    fn ask(
        &self,
        id: FetchId,
        (part, fetch): (Option<usize>, &Fetch),
        objects: &[NodeId],
        room: &mut usize,
    ) -> (Vec<Call>, Vec<(NodeId, Lack)>) {
        let FetchKind::Entities(entities) = &fetch.kind else { return (Vec::new(), Vec::new()) };
        let of = (&self.store, self.request.supergraph);
        let batch_max = self.request.policy.representations_max;
        let mut asked = Groups::default();
        if entities.contexts.is_empty() {
            asked.groups.push(Group { values: Vec::new(), objects: objects.to_vec() });
        } else {
            asked = groups(of, entities, objects, room);
        }
        let mut calls = Vec::new();
        for Group { values, objects } in asked.groups {
            let by = &entities.representations;
            let represented = represent(of, by, &objects, batch_max, room);
            asked.incomplete.extend(represented.incomplete);
            // Each batch has the values; those of the first are paid for.
            let mut copied = 0;
            for Batch { text, count, positions } in represented.batches {
                let Some(left) = room.checked_sub(copied) else {
                    asked.incomplete.extend(positions.into_iter().map(|(node, _)| (node, Lack::Failed)));
                    continue;
                };
                *room = left;
                copied = values.iter().map(Vec::len).sum();
                let (representations, values) = (Some(text), values.clone());
                calls.push(Call { fetch: id, number: 0, part, representations, values, positions, count });
            }
        }
        (calls, asked.incomplete)
    }
}

/// Calls of one fetch with their numbers, from 1.
fn numbered(mut calls: Vec<Call>) -> Vec<Call> {
    calls.iter_mut().zip(1..).for_each(|(call, number)| call.number = number);
    calls
}
