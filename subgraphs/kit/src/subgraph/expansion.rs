//! How large and deep an operation is once its fragments are put in, and how
//! many fields it can make resolvers answer.
//!
//! Thirty fragments that each spread the next one twice stand for a billion
//! fields in a kilobyte. Everything behind this check walks the expanded
//! document, so each fragment is measured once here and the measures added up.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};

use super::{
    limits::NESTING_MAX,
    work::{Place, Work},
};

/// The size of a selection set with all its fragments put in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Expanded {
    /// Fields and spreads, each as often as it stands for one.
    pub selections: usize,
    /// Levels of selection sets.
    pub levels: usize,
    /// Fields to resolve, each as often as lists, pages and representations
    /// can make it be.
    pub fields: usize,
    /// Representations that are handed in.
    pub representations: usize,
}

/// The largest of the document's operations; `None` when fragments nest deeper
/// than is looked at, or in a circle.
pub(super) fn expanded(document: &ExecutableDocument, work: &Work<'_>) -> Option<Expanded> {
    let mut measure = Measure { document, work, fragments: HashMap::new() };
    let mut largest = Expanded::default();
    for (_, operation) in document.operations.iter() {
        let root = match operation.node.ty {
            OperationType::Mutation => &work.shape().mutation,
            _ => &work.shape().query,
        };
        let place = Place { parent: Some(root), page: None };
        let size = measure.selection_set(&operation.node.selection_set.node, place, 0)?;
        largest = largest.or_larger(size);
    }
    Some(largest)
}

impl Expanded {
    fn or_larger(self, other: Self) -> Self {
        Self {
            selections: self.selections.max(other.selections),
            levels: self.levels.max(other.levels),
            fields: self.fields.max(other.fields),
            representations: self.representations.max(other.representations),
        }
    }

    /// With a field or spread that stands above `below`.
    fn with(self, below: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(below.selections).saturating_add(1),
            levels: self.levels.max(below.levels.saturating_add(1)),
            fields: self.fields.saturating_add(below.fields),
            representations: self.representations.saturating_add(below.representations),
        }
    }
}

struct Measure<'d> {
    document: &'d ExecutableDocument,
    work: &'d Work<'d>,
    /// By name and by the length of the page that the fragment is of.
    fragments: HashMap<(&'d str, Option<usize>), Expanded>,
}

impl<'d> Measure<'d> {
    /// `depth` bounds this recursion, circles included.
    fn selection_set(&mut self, set: &'d SelectionSet, place: Place<'d>, depth: usize) -> Option<Expanded> {
        if depth > NESTING_MAX {
            return None;
        }
        let mut sum = Expanded::default();
        for selection in &set.items {
            sum = sum.with(self.selection(&selection.node, place, depth + 1)?);
        }
        Some(sum)
    }

    fn selection(&mut self, selection: &'d Selection, place: Place<'d>, depth: usize) -> Option<Expanded> {
        match selection {
            Selection::Field(field) => {
                let below = self.work.below(&field.node, place);
                let mut size = self.selection_set(&field.node.selection_set.node, below.place, depth)?;
                size.fields = size.fields.saturating_mul(below.times).saturating_add(1);
                size.representations = size.representations.saturating_add(below.representations);
                Some(size)
            }
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                let place = Place { parent: condition.or(place.parent), ..place };
                self.selection_set(&fragment.node.selection_set.node, place, depth)
            }
            Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str(), place, depth),
        }
    }

    fn fragment(&mut self, name: &'d str, place: Place<'d>, depth: usize) -> Option<Expanded> {
        if let Some(known) = self.fragments.get(&(name, place.page)) {
            return Some(*known);
        }
        // Validation reports a fragment that doesn't exist.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Some(Expanded::default());
        };
        let place = Place { parent: Some(fragment.node.type_condition.node.on.node.as_str()), ..place };
        let size = self.selection_set(&fragment.node.selection_set.node, place, depth)?;
        self.fragments.insert((name, place.page), size);
        Some(size)
    }
}

#[cfg(test)]
mod tests;
