//! Where answers contradict each other.

use std::ops::ControlFlow;

use planner::plan::Fetch;
use rustc_hash::FxHashMap;

use super::Run;
use super::positions::POSITIONS_MAX;
use crate::errors::{Entry, Subject, client_path};
use crate::merge::{Conflict, ConflictKind};
use crate::path::Step;
use crate::store::NodeId;

impl Run<'_> {
    /// Says where answers contradict each other, of at most [`POSITIONS_MAX`] places. No subgraph is named, as none of them
    /// need be the one that is wrong.
    pub fn tell_conflicts(&mut self, fetch: &Fetch, conflicts: Vec<(NodeId, Conflict)>) {
        let request = self.request;
        let name = request.supergraph.subgraphs.get(usize::from(fetch.subgraph.0)).map_or("", |info| &info.name);
        let trace_id = &*request.context.trace_id;
        tracing::warn!(subgraph = name, trace_id, "its data does not fit the data of others");
        let mut ways: FxHashMap<NodeId, Vec<Vec<Step>>> = FxHashMap::default();
        self.visit_places(fetch, conflicts.iter().map(|(node, _)| *node), |node, steps| {
            let ways = ways.entry(node).or_default();
            if ways.len() < POSITIONS_MAX {
                ways.push(steps.to_vec());
            }
            ControlFlow::Continue(())
        });
        let ways_to = |node: &NodeId| ways.get(node).map(Vec::as_slice).unwrap_or_default();
        let each = conflicts.iter().flat_map(|(node, conflict)| ways_to(node).iter().map(move |way| (way, conflict)));
        for (way, Conflict { steps: below, kind }) in each.take(POSITIONS_MAX) {
            let Some(path) = client_path((&request.plan.response, &self.store), &[&**way, below].concat()) else {
                continue;
            };
            let message = match kind {
                ConflictKind::Length => "Subgraphs gave lists of different length.",
                ConflictKind::Type => "Subgraphs gave objects of different types.",
                ConflictKind::Form => "Subgraphs gave values of different forms.",
            };
            let entry = Entry::new("SUBREQUEST_CONFLICT", message.to_owned(), Some(path));
            self.errors.push(Entry { subject: Subject::Conflict(*kind), ..entry });
        }
    }
}
