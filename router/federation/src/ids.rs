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

/// A set of object types.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TypeSet(FixedBitSet);

impl TypeSet {
    /// The set of just one type.
    pub fn one(id: TypeId) -> Self {
        std::iter::once(id).collect()
    }

    /// Adds a type.
    pub fn insert(&mut self, id: TypeId) {
        self.0.grow_and_insert(id.0 as usize);
    }

    /// Whether the type is in the set.
    pub fn contains(&self, id: TypeId) -> bool {
        self.0.contains(id.0 as usize)
    }

    /// The types in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.0.intersection(&other.0).map(|i| TypeId(i as u32)).collect()
    }

    /// The types of this set that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.0.difference(&other.0).map(|i| TypeId(i as u32)).collect()
    }

    /// Adds all types of another set.
    pub fn union_with(&mut self, other: &Self) {
        self.extend(other.iter());
    }

    /// Whether all types of this set are in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|id| other.contains(id))
    }

    /// Whether no type is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_clear()
    }

    /// The number of types.
    pub fn len(&self) -> usize {
        self.0.count_ones(..)
    }

    /// The types in id order.
    pub fn iter(&self) -> impl Iterator<Item = TypeId> + '_ {
        self.0.ones().map(|i| TypeId(i as u32))
    }
}

impl FromIterator<TypeId> for TypeSet {
    fn from_iter<I: IntoIterator<Item = TypeId>>(ids: I) -> Self {
        let mut set = Self::default();
        set.extend(ids);
        set
    }
}

impl Extend<TypeId> for TypeSet {
    fn extend<I: IntoIterator<Item = TypeId>>(&mut self, ids: I) {
        ids.into_iter().for_each(|id| self.insert(id));
    }
}
