//! How many places there are, without visiting them.

use std::ops::ControlFlow;

use fixedbitset::FixedBitSet;
use planner::plan::PathSegment;
use rustc_hash::FxHashMap;

use super::{Step, Walk, walk};
use crate::store::{NodeId, Store};

/// The number of places of the wanted ones among the objects at the end of a path; each object is asked for once.
pub fn count_places(store: &Store<'_>, path: &[PathSegment], is_wanted: impl FnMut(NodeId) -> bool) -> usize {
    let (counts, open) = (FxHashMap::default(), Vec::new());
    let mut count = Count { repeated: store.repeated(), counts, open, total: 0, is_wanted };
    let _ = walk(store, store.root(), path, &mut count);
    count.total
}

/// Follows each node that stands at several places once, and then knows how much that adds.
struct Count<'s, F> {
    repeated: &'s FixedBitSet,
    /// How many are below each node that was left.
    counts: FxHashMap<NodeId, usize>,
    /// By node that is not left yet: the total before it.
    open: Vec<usize>,
    total: usize,
    is_wanted: F,
}

impl<F: FnMut(NodeId) -> bool> Walk for Count<'_, F> {
    fn enter(&mut self, _: Step, node: NodeId) -> bool {
        if let Some(count) = self.counts.get(&node) {
            self.total = self.total.saturating_add(*count);
            return false;
        }
        if self.repeated.contains(node.index()) {
            self.open.push(self.total);
        }
        true
    }

    fn leave(&mut self, node: NodeId) {
        if self.repeated.contains(node.index()) {
            let before = self.open.pop().unwrap_or_default();
            self.counts.insert(node, self.total.saturating_sub(before));
        }
    }

    fn found(&mut self, object: NodeId) -> ControlFlow<()> {
        self.total = self.total.saturating_add(usize::from((self.is_wanted)(object)));
        ControlFlow::Continue(())
    }
}
