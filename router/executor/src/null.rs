//! Nulls: why something is null, and what was asked below it.
//!
//! What was asked below a null counts once another subgraph has something at its place: then it is lost there. So what
//! becomes of an object that one subgraph has and another has not is the same whoever answers first.

use std::hash::{Hash, Hasher};

use indexmap::IndexSet;
use planner::plan::{FetchId, Selection};
use rustc_hash::FxBuildHasher;

/// A value that isn't there.
#[derive(Clone, Copy, Debug)]
pub struct Null {
    /// Why.
    pub reason: Reason,
    /// What was asked below it.
    pub asked: Asked,
}

impl Null {
    /// What nobody has been asked for.
    pub const NOTHING: Self = Self { reason: Reason::Answered, asked: Asked(0) };
}

/// Why a value is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A subgraph says so.
    Answered,
    /// Getting it failed, and an error says so: the plan's first fetch that failed to.
    Failed(FetchId),
}

impl Reason {
    /// What has failed has an error, even if somebody says that it is null.
    pub fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed(one), Self::Failed(other)) => Self::Failed(one.min(other)),
            (failed @ Self::Failed(_), _) | (_, failed) => failed,
        }
    }
}

/// A set of [`AskedSets`]; that of no selection at all by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked(u32);

/// A selection that was asked below a null, and why nothing of it came.
#[derive(Clone, Copy, Debug)]
pub struct Part<'p> {
    /// The selection of a fetch's output.
    pub selection: &'p Selection,
    /// Why.
    pub reason: Reason,
}

/// The same selection is the same place of the plan.
impl PartialEq for Part<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.selection, other.selection) && self.reason == other.reason
    }
}

impl Eq for Part<'_> {}

impl Hash for Part<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.selection).hash(state);
        self.reason.hash(state);
    }
}

/// What was asked below the nulls of one store: each set is kept once, however many nulls have it.
#[derive(Debug)]
pub struct AskedSets<'p>(IndexSet<Vec<Part<'p>>, FxBuildHasher>);

impl Default for AskedSets<'_> {
    fn default() -> Self {
        Self(IndexSet::from_iter([Vec::new()]))
    }
}

impl<'p> AskedSets<'p> {
    /// The set of one selection, or of none.
    pub fn of(&mut self, selection: Option<&'p Selection>, reason: Reason) -> Asked {
        match selection {
            Some(selection) => self.keep(&[Part { selection, reason }]),
            None => Asked::default(),
        }
    }

    /// What is in either; of what is in both, the worse.
    pub fn both(&mut self, one: Asked, other: Asked) -> Asked {
        if one == other || other == Asked::default() {
            return one;
        }
        let mut parts = self.parts(one);
        for more in self.parts(other) {
            match parts.iter_mut().find(|part| std::ptr::eq(part.selection, more.selection)) {
                Some(part) => part.reason = part.reason.worse(more.reason),
                None => parts.push(more),
            }
        }
        self.keep(&parts)
    }

    /// The same, all of it failed.
    pub fn failed(&mut self, asked: Asked, reason: Reason) -> Asked {
        let parts = self.parts(asked).into_iter();
        let parts: Vec<Part<'p>> = parts.map(|part| Part { reason: part.reason.worse(reason), ..part }).collect();
        self.keep(&parts)
    }

    /// What is in a set.
    pub fn parts(&self, asked: Asked) -> Vec<Part<'p>> {
        self.0.get_index(asked.0 as usize).cloned().unwrap_or_default()
    }

    fn keep(&mut self, parts: &[Part<'p>]) -> Asked {
        let index = match self.0.get_index_of(parts) {
            Some(index) => index,
            None => self.0.insert_full(parts.to_vec()).0,
        };
        Asked(u32::try_from(index).unwrap_or_default())
    }
}
