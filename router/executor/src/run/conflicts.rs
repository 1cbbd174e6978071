//! Where answers contradict each other.

use planner::plan::Fetch;

use super::Run;
use crate::errors::{Entry, Subject, client_path};
use crate::merge::{Conflict, ConflictKind};
use crate::store::NodeId;

impl Run<'_> {
    /// Says where answers contradict each other, of at most [`POSITIONS_MAX`] places. No subgraph is named, as none of them need be the one that is wrong.
    pub fn tell_conflicts(&mut self, fetch: &Fetch, conflicts: Vec<(NodeId, Conflict)>) {
        let request = self.request;
        let name = request.supergraph.subgraphs.get(usize::from(fetch.subgraph.0)).map_or("", |info| &info.name);
        let trace_id = &*request.context.trace_id;
        tracing::warn!(subgraph = name, trace_id, "its data does not fit the data of others");
        let nodes: Vec<NodeId> = conflicts.iter().map(|(node, _)| *node).collect();
        let ways = self.steps_to(fetch, &nodes);
        for (node, Conflict { steps: below, kind }) in conflicts {
            let way = ways.get(&node).map(Vec::as_slice).unwrap_or_default();
            let Some(path) = client_path((&request.plan.response, &self.store), &[way, &below].concat()) else {
                continue;
            };
            let message = match kind {
                ConflictKind::Length => "Subgraphs gave lists of different length.",
                ConflictKind::Type => "Subgraphs gave objects of different types.",
                ConflictKind::Form => "Subgraphs gave values of different forms.",
            };
            let entry = Entry::new("SUBREQUEST_CONFLICT", message.to_owned(), Some(path));
            self.errors.push(Entry { subject: Subject::Conflict(kind), ..entry });
        }
    }
}
