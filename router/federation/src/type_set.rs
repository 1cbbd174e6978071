//! Sets of object types: few types nearly always, thousands behind the interfaces of large supergraphs.

use fixedbitset::FixedBitSet;

use crate::TypeId;

/// Up to this many types are kept as a sorted list, which takes less than a set of bits up to their ids.
const FEW_MAX: usize = 48;

/// A set of object types.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeSet(Kept);

/// Which of the two follows from the number of types, so that equal sets are equal values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kept {
    /// In id order.
    Few(Vec<TypeId>),
    /// By id.
    Many(FixedBitSet),
}

impl Default for TypeSet {
    fn default() -> Self {
        Self(Kept::Few(Vec::new()))
    }
}

impl TypeSet {
    /// The set of just one type.
    pub fn one(id: TypeId) -> Self {
        Self(Kept::Few(vec![id]))
    }

    /// Adds a type.
    pub fn insert(&mut self, id: TypeId) {
        match &mut self.0 {
            Kept::Few(few) => {
                let Err(at) = few.binary_search(&id) else { return };
                few.insert(at, id);
                if few.len() > FEW_MAX {
                    let mut many = FixedBitSet::new();
                    few.iter().for_each(|id| many.grow_and_insert(id.0 as usize));
                    self.0 = Kept::Many(many);
                }
            }
            Kept::Many(many) => many.grow_and_insert(id.0 as usize),
        }
    }

    /// Whether the type is in the set.
    pub fn contains(&self, id: TypeId) -> bool {
        match &self.0 {
            Kept::Few(few) => few.binary_search(&id).is_ok(),
            Kept::Many(many) => many.contains(id.0 as usize),
        }
    }

    /// The set of sorted ids.
    fn of(ids: Vec<TypeId>) -> Self {
        match ids.last() {
            Some(last) if ids.len() > FEW_MAX => {
                let mut many = FixedBitSet::with_capacity(last.0 as usize + 1);
                ids.iter().for_each(|id| many.insert(id.0 as usize));
                Self(Kept::Many(many))
            }
            _ => Self(Kept::Few(ids)),
        }
    }

    /// The types in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Kept::Many(a), Kept::Many(b)) => Self::of(a.intersection(b).map(|index| TypeId(index as u32)).collect()),
            (Kept::Many(_), Kept::Few(few)) => Self::of(few.iter().copied().filter(|id| self.contains(*id)).collect()),
            (Kept::Few(few), _) => Self::of(few.iter().copied().filter(|id| other.contains(*id)).collect()),
        }
    }

    /// The types of this set that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Kept::Many(a), Kept::Many(b)) => Self::of(a.difference(b).map(|index| TypeId(index as u32)).collect()),
            _ => Self::of(self.iter().filter(|id| !other.contains(*id)).collect()),
        }
    }

    /// Adds all types of another set.
    pub fn union_with(&mut self, other: &Self) {
        if let (Kept::Many(a), Kept::Many(b)) = (&mut self.0, &other.0) {
            a.union_with(b);
            return;
        }
        self.extend(other.iter());
    }

    /// Whether all types of this set are in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kept::Many(a), Kept::Many(b)) => a.is_subset(b),
            // It has more.
            (Kept::Many(_), Kept::Few(_)) => false,
            (Kept::Few(few), _) => few.iter().all(|id| other.contains(*id)),
        }
    }

    /// Whether no type is in the set.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of types.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kept::Few(few) => few.len(),
            Kept::Many(many) => many.count_ones(..),
        }
    }

    /// The types in id order.
    pub fn iter(&self) -> impl Iterator<Item = TypeId> + '_ {
        let (few, many) = match &self.0 {
            Kept::Few(few) => (Some(few), None),
            Kept::Many(many) => (None, Some(many)),
        };
        let many = many.into_iter().flat_map(|many| many.ones().map(|index| TypeId(index as u32)));
        few.into_iter().flatten().copied().chain(many)
    }
}

impl FromIterator<TypeId> for TypeSet {
    fn from_iter<I: IntoIterator<Item = TypeId>>(ids: I) -> Self {
        let mut ids: Vec<TypeId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self::of(ids)
    }
}

impl Extend<TypeId> for TypeSet {
    fn extend<I: IntoIterator<Item = TypeId>>(&mut self, ids: I) {
        ids.into_iter().for_each(|id| self.insert(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(step: usize, below: u32) -> TypeSet {
        (0..below).rev().step_by(step).map(TypeId).collect()
    }

    #[test]
    fn few_and_many_types_behave_alike() {
        for below in [1, 40, 48, 49, 500] {
            let (all, some) = (every(1, below), every(3, below));
            assert!(some.is_subset(&all) && all.contains(TypeId(below - 1)) && !all.contains(TypeId(below)));
            assert_eq!(all.intersection(&some), some);
            let mut again = all.difference(&some);
            assert_eq!(again.len() + some.len(), all.len());
            again.union_with(&some);
            assert_eq!(again, all);
            assert_eq!(all.iter().map(|id| id.0).collect::<Vec<_>>(), (0..below).collect::<Vec<_>>());
        }
        assert!(TypeSet::default().is_empty());
    }
}
