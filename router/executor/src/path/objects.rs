//! The objects at the end of paths, wherever they stand.

use std::ops::ControlFlow;

use fixedbitset::FixedBitSet;
use planner::plan::PathSegment;

use super::{Step, Walk, walk};
use crate::store::{NodeId, Store};

/// All objects at any of the paths, in the order of the paths and then of the data, each once.
pub fn objects_at(store: &Store<'_>, paths: &[Vec<PathSegment>]) -> Vec<NodeId> {
    let (mut objects, repeated) = (Vec::new(), store.repeated());
    for path in paths {
        let seen = FixedBitSet::with_capacity(repeated.len());
        let _ = walk(store, store.root(), path, &mut Once { repeated, seen, objects: &mut objects });
    }
    if paths.len() > 1 {
        let mut seen = FixedBitSet::with_capacity(store.nodes_len());
        objects.retain(|node| !seen.put(node.index()));
    }
    objects
}

/// Follows each node that stands at several places once: what is below is the same.
struct Once<'s> {
    repeated: &'s FixedBitSet,
    seen: FixedBitSet,
    objects: &'s mut Vec<NodeId>,
}

impl Walk for Once<'_> {
    fn enter(&mut self, _: Step, node: NodeId) -> bool {
        !self.repeated.contains(node.index()) || !self.seen.put(node.index())
    }

    fn leave(&mut self, _: NodeId) {}

    fn found(&mut self, object: NodeId) -> ControlFlow<()> {
        self.objects.push(object);
        ControlFlow::Continue(())
    }
}
