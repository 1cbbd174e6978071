//! Which contexts are set above a position, as far as arguments that read them can be given their values.

use federation::Supergraph;
use federation::supergraph::{ContextArgument, ContextSelection, FieldJoin};
use graphql::collections::IndexSet;

use super::position::PositionId;
use super::prover::Prover;

/// A set of readings whose values are at hand: an index among all sets seen. [`ContextSet::NONE`] is the empty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ContextSet(u32);

impl ContextSet {
    pub(super) const NONE: Self = Self(0);
}

/// All arguments that are read from contexts, and the sets of them seen so far.
pub(super) struct Contexts<'a> {
    readings: Vec<&'a ContextArgument>,
    sets: IndexSet<Vec<usize>>,
}

impl<'a> Contexts<'a> {
    pub(super) fn new(supergraph: &'a Supergraph) -> Self {
        let joins = supergraph.fields.iter().flat_map(|field| &field.joins);
        Self {
            readings: joins.flat_map(|join| &join.context_arguments).collect(),
            sets: std::iter::once(Vec::new()).collect(),
        }
    }

    /// Whether every argument that a field reads from a context has its value.
    pub(super) fn all_set(&self, set: ContextSet, join: &FieldJoin) -> bool {
        let Some(set) = self.sets.get_index(set.0 as usize) else { return false };
        join.context_arguments.iter().all(|argument| {
            set.iter().any(|&index| self.readings.get(index).is_some_and(|reading| std::ptr::eq(*reading, argument)))
        })
    }

    /// Whether the first set holds nothing that the second does not.
    pub(super) fn is_subset(&self, set: ContextSet, other: ContextSet) -> bool {
        let get = |set: ContextSet| self.sets.get_index(set.0 as usize).map(Vec::as_slice).unwrap_or_default();
        set == other || get(set).iter().all(|index| get(other).contains(index))
    }
}

impl<'a> Prover<'a> {
    /// The contexts that are set below an object: those from above, and its own instead where it sets one.
    pub(super) fn contexts_below(&mut self, id: PositionId) -> ContextSet {
        let Some((object, above)) = self.positions.get(id).map(|p| (p.way.object, p.way.contexts)) else {
            return ContextSet::NONE;
        };
        if self.contexts.readings.is_empty() {
            return above;
        }
        let mut set = self.contexts.sets.get_index(above.0 as usize).cloned().unwrap_or_default();
        for index in 0..self.contexts.readings.len() {
            let Some(&reading) = self.contexts.readings.get(index) else { continue };
            if !self.supergraph.sets_context(object, reading.context) {
                continue;
            }
            set.retain(|&known| known != index);
            let own = reading.selections.iter().filter(|selection| self.supergraph.is_of(object, selection.on));
            let own: Vec<&'a ContextSelection> = own.collect();
            if own.iter().any(|selection| self.has(id, &selection.fields)) {
                set.push(index);
            }
        }
        set.sort_unstable();
        ContextSet(self.contexts.sets.insert_full(set).0 as u32)
    }
}
