//! Lists that came for the place of another of a different length.

use super::{NodeId, Store};

impl Store<'_> {
    /// The lists that came for the same place and don't fit.
    pub fn rivals(&self, list: NodeId) -> &[NodeId] {
        self.rivals.get(&list).map(Vec::as_slice).unwrap_or_default()
    }

    /// Keeps a list that doesn't fit, beside the one that stands at its place.
    pub fn add_rival(&mut self, list: NodeId, rival: NodeId) {
        self.rivals.entry(list).or_default().push(rival);
    }
}
