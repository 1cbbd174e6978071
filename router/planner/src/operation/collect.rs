//! Collecting the fields of a selection set: fragments spread, each field with the types that it is for.

use federation::{Supergraph, TypeSet};
use graphql::executable::{Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name, Node, Valid};
use rustc_hash::FxHashSet;

use super::conditions::stands;
use crate::PlanError;

/// A field node and the concrete types that it is asked of.
pub type Collected<'d> = (TypeSet, &'d Node<Field>);

/// What collecting reads, and how much it may do.
pub struct Collector<'d> {
    pub document: &'d Valid<ExecutableDocument>,
    pub supergraph: &'d Supergraph,
    pub conditions: &'d dyn Fn(&str) -> Option<bool>,
    /// Selections still to be looked at.
    pub left: u64,
    pub max: u64,
}

impl<'d> Collector<'d> {
    /// Collects the fields of selection sets that share a response key, in the client's order.
    pub fn collect(&mut self, sets: &[&'d SelectionSet], types: &TypeSet) -> Result<Vec<Collected<'d>>, PlanError> {
        let mut found = Vec::new();
        let mut spread = FxHashSet::default();
        for set in sets {
            self.walk(set, types, &mut spread, &mut found)?;
        }
        Ok(found)
    }

    /// Walks a selection set and the fragments in it; fragments can't be cyclic in a valid document, and each is
    /// spread once for the same types.
    fn walk(
        &mut self,
        set: &'d SelectionSet,
        types: &TypeSet,
        spread: &mut FxHashSet<(Name, TypeSet)>,
        found: &mut Vec<Collected<'d>>,
    ) -> Result<(), PlanError> {
        for selection in &set.selections {
            self.left =
                self.left.checked_sub(1).ok_or(PlanError::TooComplex { what: "selected fields", max: self.max })?;
            match selection {
                Selection::Field(field) => {
                    if stands(&field.directives, self.conditions) {
                        found.push((types.clone(), field));
                    }
                }
                Selection::InlineFragment(fragment) => {
                    if stands(&fragment.directives, self.conditions) {
                        let types = self.narrowed(types, fragment.type_condition.as_ref());
                        if !types.is_empty() {
                            self.walk(&fragment.selection_set, &types, spread, found)?;
                        }
                    }
                }
                Selection::FragmentSpread(fragment) => {
                    let Some(definition) = self.document.fragments.get(&fragment.fragment_name) else { continue };
                    if !stands(&fragment.directives, self.conditions) {
                        continue;
                    }
                    let types = self.narrowed(types, Some(&definition.selection_set.ty));
                    if !types.is_empty() && spread.insert((fragment.fragment_name.clone(), types.clone())) {
                        self.walk(&definition.selection_set, &types, spread, found)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn narrowed(&self, types: &TypeSet, condition: Option<&Name>) -> TypeSet {
        let Some(condition) = condition else { return types.clone() };
        match self.supergraph.type_by_name.get(condition.as_str()) {
            Some(&id) => types.intersection(&self.supergraph.ty(id).possible_types),
            None => TypeSet::default(),
        }
    }
}

/// Splits a set of types into the coarsest classes within which every collected field is for all types or none.
pub fn classes(types: &TypeSet, collected: &[Collected<'_>]) -> Vec<TypeSet> {
    let mut classes = vec![types.clone()];
    let mut seen: FxHashSet<&TypeSet> = FxHashSet::default();
    for (asked, _) in collected {
        if asked == types || !seen.insert(asked) {
            continue;
        }
        classes = classes
            .into_iter()
            .flat_map(|class| [class.intersection(asked), class.difference(asked)])
            .filter(|class| !class.is_empty())
            .collect();
    }
    classes.sort_by_key(|class| class.iter().next());
    classes
}
