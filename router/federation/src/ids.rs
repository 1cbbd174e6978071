//! Interned ids: the planner and executor never compare names.

use fixedbitset::FixedBitSet;

/// A subgraph's index in [`crate::Supergraph::subgraphs`], in name order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubgraphId(pub u16);

/// A type's index in [`crate::Supergraph::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// A field of one object or interface type: its index in [`crate::Supergraph::fields`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u32);

/// A label of progressive overrides: its index in [`crate::Supergraph::override_labels`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(pub u32);

/// A context that types set and arguments read: its index in [`crate::Supergraph::contexts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextId(pub u32);

/// The labels of progressive overrides that are in force for a request; all others are not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LabelSet(FixedBitSet);

impl LabelSet {
    /// Puts a label in force.
    pub fn insert(&mut self, id: LabelId) {
        self.0.grow_and_insert(id.0 as usize);
    }

    /// Whether a label is in force.
    pub fn contains(&self, id: LabelId) -> bool {
        self.0.contains(id.0 as usize)
    }

    /// The labels in force, in id order.
    pub fn iter(&self) -> impl Iterator<Item = LabelId> + '_ {
        self.0.ones().map(|i| LabelId(i as u32))
    }
}

impl FromIterator<LabelId> for LabelSet {
    fn from_iter<I: IntoIterator<Item = LabelId>>(ids: I) -> Self {
        let mut set = Self::default();
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}
