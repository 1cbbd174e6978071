//! How large and deep an operation is once its fragments are put in.
//!
//! Thirty fragments that each spread the next one twice stand for a billion
//! fields in a kilobyte. Everything behind this check walks the expanded
//! document, so each fragment is measured once here and the measures added up.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use super::limits::NESTING_MAX;

/// The size of a selection set with all its fragments put in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Expanded {
    /// Fields and spreads, each as often as it stands for one.
    pub selections: usize,
    /// Levels of selection sets.
    pub levels: usize,
}

/// The largest of the document's operations; `None` when fragments nest deeper
/// than is looked at, or in a circle.
pub(super) fn expanded(document: &ExecutableDocument) -> Option<Expanded> {
    let mut measure = Measure { document, fragments: HashMap::new() };
    let mut largest = Expanded::default();
    for (_, operation) in document.operations.iter() {
        let size = measure.selection_set(&operation.node.selection_set.node, 0)?;
        largest.selections = largest.selections.max(size.selections);
        largest.levels = largest.levels.max(size.levels);
    }
    Some(largest)
}

struct Measure<'d> {
    document: &'d ExecutableDocument,
    fragments: HashMap<&'d str, Expanded>,
}

impl<'d> Measure<'d> {
    /// `depth` bounds this recursion, circles included.
    fn selection_set(&mut self, set: &'d SelectionSet, depth: usize) -> Option<Expanded> {
        if depth > NESTING_MAX {
            return None;
        }
        let mut sum = Expanded::default();
        for selection in &set.items {
            let below = match &selection.node {
                Selection::Field(field) => self.selection_set(&field.node.selection_set.node, depth + 1)?,
                Selection::InlineFragment(fragment) => {
                    self.selection_set(&fragment.node.selection_set.node, depth + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str(), depth + 1)?
                }
            };
            sum.selections = sum.selections.saturating_add(below.selections).saturating_add(1);
            sum.levels = sum.levels.max(below.levels + 1);
        }
        Some(sum)
    }

    fn fragment(&mut self, name: &'d str, depth: usize) -> Option<Expanded> {
        if let Some(known) = self.fragments.get(name) {
            return Some(*known);
        }
        // Validation reports a fragment that doesn't exist.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Some(Expanded::default());
        };
        let size = self.selection_set(&fragment.node.selection_set.node, depth)?;
        self.fragments.insert(name, size);
        Some(size)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn of(query: &str) -> Option<Expanded> {
        expanded(&parse_query(query).unwrap())
    }

    #[test]
    fn counts_fragments_as_often_as_they_are_spread() {
        let size = of("{ a { b } ...F ...F } fragment F on Q { c { d } }").unwrap();
        assert_eq!(size, Expanded { selections: 8, levels: 3 });
    }

    #[test]
    fn measures_doubling_fragments_without_walking_them() {
        let fragments: String =
            (0..60).map(|n| format!("fragment F{n} on Q {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
        let size = of(&format!("{{ ...F0 }} {fragments} fragment F60 on Q {{ a }}")).unwrap();
        assert!(size.selections > 1 << 60);
    }

    #[test]
    fn gives_up_on_circles_and_long_chains() {
        assert_eq!(of("{ ...F } fragment F on Q { ...G } fragment G on Q { ...F }"), None);
        let chain: String = (0..5_000).map(|n| format!("fragment F{n} on Q {{ ...F{} }} ", n + 1)).collect();
        assert_eq!(of(&format!("{{ ...F0 }} {chain} fragment F5000 on Q {{ a }}")), None);
    }
}
