//! Collecting the fields of a selection set: fragments spread, each field with the types that it is for and the
//! deferred fragment that it stands in.

use federation::{Supergraph, TypeSet};
use graphql::executable::{DirectiveList, Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name, Node, Valid};
use rustc_hash::{FxHashMap, FxHashSet};

use super::conditions::stands;
use super::defer::{Blocks, DeferredId};
use crate::{Budget, PlanError};

/// After so many selections it is asked whether to go on: well below a millisecond.
const SELECTIONS_UNSTOPPED: u64 = 256;

/// A field node in its context.
#[derive(Clone, Copy)]
pub struct Asked<'d> {
    /// The field node.
    pub field: &'d Node<Field>,
    /// The innermost deferred fragment around it.
    pub block: Option<DeferredId>,
}

/// What a selection set asks.
#[derive(Default)]
pub struct Collected<'d> {
    /// Each field node with the concrete types that it is asked of.
    pub fields: Vec<(TypeSet, Asked<'d>)>,
    /// The deferred fragments that stand right here, and for which types.
    pub begun: Vec<(TypeSet, DeferredId)>,
}

/// The types for which each fragment has been spread in each context.
type Spread = FxHashMap<(Name, Option<DeferredId>), TypeSet>;

/// What collecting reads, and how much it may do.
pub struct Collector<'d> {
    pub document: &'d Valid<ExecutableDocument>,
    pub supergraph: &'d Supergraph,
    pub conditions: &'d dyn Fn(&str) -> Option<bool>,
    /// The deferred fragments met.
    pub blocks: Blocks,
    /// Selections still to be looked at.
    pub left: u64,
    pub budget: &'d Budget<'d>,
}

impl<'d> Collector<'d> {
    /// Collects the fields of selection sets that share a response key, in the client's order.
    pub fn collect(
        &mut self,
        sets: &[(&'d SelectionSet, Option<DeferredId>)],
        types: &TypeSet,
    ) -> Result<Collected<'d>, PlanError> {
        let mut found = Collected::default();
        let mut spread = Spread::default();
        for (set, block) in sets {
            self.walk((set, *block), types, &mut spread, &mut found)?;
        }
        Ok(found)
    }

    /// Walks a selection set and the fragments in it; fragments can't be cyclic in a valid document, and each is
    /// spread once for a type and context.
    fn walk(
        &mut self,
        (set, block): (&'d SelectionSet, Option<DeferredId>),
        types: &TypeSet,
        spread: &mut Spread,
        found: &mut Collected<'d>,
    ) -> Result<(), PlanError> {
        for selection in &set.selections {
            self.count()?;
            match selection {
                Selection::Field(field) => {
                    if stands(&field.directives, self.conditions) {
                        found.fields.push((types.clone(), Asked { field, block }));
                    }
                }
                Selection::InlineFragment(fragment) => {
                    if stands(&fragment.directives, self.conditions) {
                        let types = self.narrowed(types, fragment.type_condition.as_ref());
                        if !types.is_empty() {
                            let block = self.begin(&fragment.directives, block, &types, found);
                            self.walk((&fragment.selection_set, block), &types, spread, found)?;
                        }
                    }
                }
                Selection::FragmentSpread(fragment) => {
                    let Some(definition) = self.document.fragments.get(&fragment.fragment_name) else { continue };
                    if !stands(&fragment.directives, self.conditions) {
                        continue;
                    }
                    let narrowed = self.narrowed(types, Some(&definition.selection_set.ty));
                    let known = spread.entry((fragment.fragment_name.clone(), block)).or_default();
                    let types = narrowed.difference(known);
                    if types.is_empty() {
                        continue;
                    }
                    let inner = self.begin(&fragment.directives, block, &types, found);
                    if inner == block {
                        known.union_with(&types);
                    }
                    self.walk((&definition.selection_set, inner), &types, spread, found)?;
                }
            }
        }
        Ok(())
    }

    /// Counts a selection.
    fn count(&mut self) -> Result<(), PlanError> {
        let max = self.budget.selections_max;
        self.left = self.left.checked_sub(1).ok_or(PlanError::TooComplex { what: "selected fields", max })?;
        if self.left.is_multiple_of(SELECTIONS_UNSTOPPED) && self.budget.is_stopped() {
            return Err(PlanError::Stopped);
        }
        Ok(())
    }

    /// The context inside a fragment: its own if it is deferred.
    fn begin(
        &mut self,
        directives: &DirectiveList,
        around: Option<DeferredId>,
        types: &TypeSet,
        found: &mut Collected<'d>,
    ) -> Option<DeferredId> {
        let Some(begun) = self.blocks.begin(directives, around, self.conditions) else { return around };
        found.begun.push((types.clone(), begun));
        Some(begun)
    }

    fn narrowed(&self, types: &TypeSet, condition: Option<&Name>) -> TypeSet {
        let Some(condition) = condition else { return types.clone() };
        match self.supergraph.type_by_name.get(condition.as_str()) {
            Some(&id) => types.intersection(&self.supergraph.ty(id).possible_types),
            None => TypeSet::default(),
        }
    }
}

/// Splits a set of types into the coarsest classes within which every collected field and deferred fragment is for all
/// types or none.
pub fn classes(types: &TypeSet, collected: &Collected<'_>) -> Vec<TypeSet> {
    let mut classes = vec![types.clone()];
    let mut seen: FxHashSet<&TypeSet> = FxHashSet::default();
    let begun = collected.begun.iter().map(|(types, _)| types);
    for asked in collected.fields.iter().map(|(types, _)| types).chain(begun) {
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
