//! Errors that speak of what another subgraph gave, and have made null what else was asked of the object.

use planner::plan::Fetch;

use super::Run;
use crate::errors::ClientPath;
use crate::fill::{fill, follow};
use crate::path::Step;
use crate::store::{Node, NodeId, Reason, Store};

impl<'p> Run<'p> {
    /// The positions of an error that made null all that was asked of some objects, where what it speaks of is there all
    /// the same: then it is told of the objects.
    pub fn lifted(
        &mut self,
        fetch: &'p Fetch,
        affected: &[(NodeId, Option<Vec<Step>>)],
        rest: &[Step],
    ) -> Vec<Option<ClientPath<'p>>> {
        let mut paths = Vec::new();
        for (node, way) in affected {
            let Some(way) = way.as_ref().filter(|_| stands(&self.store, *node, rest)) else { continue };
            let _ = fill(&mut self.store, *node, &fetch.output, Reason::Failed);
            paths.extend(self.failed_at(fetch, way).into_iter().map(Some));
        }
        paths
    }
}

/// Whether there is something at the end of a way from an object.
fn stands(store: &Store, from: NodeId, steps: &[Step]) -> bool {
    follow(store, from, steps).is_some_and(|at| at != from && !matches!(store.node(at), Node::Null(_)))
}
