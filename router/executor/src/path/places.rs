//! The first of the places where each object at the end of a path stands.

use std::ops::ControlFlow;

use fixedbitset::FixedBitSet;
use planner::plan::PathSegment;
use rustc_hash::FxHashMap;

use super::{Step, Walk, walk};
use crate::store::{NodeId, Store};

/// Calls back for places of objects, in the order of the data and with the steps that lead to each, until that breaks it
/// off: for the first `most` places of each object, if it stands at so many, and perhaps for some more.
pub fn visit_places(
    store: &Store<'_>,
    path: &[PathSegment],
    most: usize,
    found: impl FnMut(NodeId, &[Step]) -> ControlFlow<()>,
) {
    let (entered, steps) = (FxHashMap::default(), Vec::new());
    let _ = walk(store, store.root(), path, &mut First { repeated: store.repeated(), most, entered, steps, found });
}

/// Follows each node to its first places. The first places of what is below it are all below these.
struct First<'s, F> {
    repeated: &'s FixedBitSet,
    most: usize,
    /// How often nodes were entered that stand at several places.
    entered: FxHashMap<NodeId, usize>,
    steps: Vec<Step>,
    found: F,
}

impl<F: FnMut(NodeId, &[Step]) -> ControlFlow<()>> Walk for First<'_, F> {
    fn enter(&mut self, step: Step, node: NodeId) -> bool {
        if self.repeated.contains(node.index()) {
            let entered = self.entered.entry(node).or_default();
            if *entered == self.most {
                return false;
            }
            *entered += 1;
        }
        self.steps.push(step);
        true
    }

    fn leave(&mut self, _: NodeId) {
        self.steps.pop();
    }

    fn found(&mut self, object: NodeId) -> ControlFlow<()> {
        (self.found)(object, &self.steps)
    }
}
