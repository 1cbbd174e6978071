//! The fields that a selection asks of objects of one type, by response key in order of first use.

use federation::{SubgraphId, TypeId, TypeSet};
use graphql::executable::{Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name};
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::{Asked, Proof};
use crate::operation::stands;

/// Whose selections are read, and as what it sees the objects.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Has the fragments.
    pub document: &'a ExecutableDocument,
    /// Whose types decide what fragments are for; `None`: the API's.
    pub subgraph: Option<SubgraphId>,
    /// The interface object that the subgraph takes them for.
    pub interface: Option<TypeId>,
    /// The values of conditions.
    pub conditions: &'a dyn Fn(&str) -> Option<bool>,
}

impl<'a> Proof<'a> {
    /// The operation, read as the API says.
    pub fn api<'d>(&self, asked: Asked<'d>) -> Reading<'d> {
        Reading { document: asked.document, subgraph: None, interface: None, conditions: asked.decided.conditions }
    }

    /// The fields for objects of a type.
    pub fn collect<'d>(
        &self,
        sets: &[&'d SelectionSet],
        ty: TypeId,
        reading: &Reading<'d>,
    ) -> IndexMap<Name, Vec<&'d Field>> {
        let mut fields = IndexMap::new();
        let mut spread = FxHashSet::default();
        let mut open: Vec<&Selection> = sets.iter().rev().flat_map(|set| set.selections.iter().rev()).collect();
        while let Some(selection) = open.pop() {
            let (directives, below) = match selection {
                Selection::Field(field) => {
                    if stands(&field.directives, reading.conditions) {
                        let known: &mut Vec<&'d Field> = fields.entry(field.response_key().clone()).or_default();
                        known.push(field);
                    }
                    continue;
                }
                other => match fragment(other, reading) {
                    Some(parts) => parts,
                    None => continue,
                },
            };
            let (condition, set) = below;
            if stands(directives, reading.conditions)
                && self.fits(condition, ty, reading)
                && spread.insert(std::ptr::from_ref(set))
            {
                open.extend(set.selections.iter().rev());
            }
        }
        fields
    }

    /// The sets of types that selections tell apart.
    pub fn conditions(&self, sets: &[&SelectionSet], reading: &Reading<'_>) -> Vec<TypeSet> {
        let mut found = Vec::new();
        let mut spread = FxHashSet::default();
        let mut open: Vec<&Selection> = sets.iter().flat_map(|set| &set.selections).collect();
        while let Some(selection) = open.pop() {
            let Some((_, (condition, set))) = fragment(selection, reading) else { continue };
            if !spread.insert(std::ptr::from_ref(set)) {
                continue;
            }
            if let (None, Some(condition)) = (reading.interface, condition)
                && let Some(types) = self.possible(condition, reading.subgraph)
                && !found.contains(types)
            {
                found.push(types.clone());
            }
            open.extend(&set.selections);
        }
        found
    }

    fn fits(&self, condition: Option<&Name>, ty: TypeId, reading: &Reading<'_>) -> bool {
        let Some(condition) = condition else { return true };
        if let Some(interface) = reading.interface {
            return self.supergraph.ty(interface).name == *condition;
        }
        self.supergraph.ty(ty).name == *condition
            || self.possible(condition, reading.subgraph).is_some_and(|types| types.contains(ty))
    }

    /// The possible types of a named type: in a subgraph, or all.
    fn possible(&self, name: &Name, subgraph: Option<SubgraphId>) -> Option<&'a TypeSet> {
        let ty = self.supergraph.ty(*self.supergraph.type_by_name.get(name.as_str())?);
        match subgraph {
            Some(subgraph) => ty.join(subgraph).map(|join| &join.possible_types),
            None => Some(&ty.possible_types),
        }
    }
}

type Fragment<'d> = (&'d graphql::executable::DirectiveList, (Option<&'d Name>, &'d SelectionSet));

/// A fragment's directives, condition and selections. Fragments can't be cyclic in a valid document.
fn fragment<'d>(selection: &'d Selection, reading: &Reading<'d>) -> Option<Fragment<'d>> {
    match selection {
        Selection::Field(_) => None,
        Selection::InlineFragment(inline) => {
            Some((&inline.directives, (inline.type_condition.as_ref(), &inline.selection_set)))
        }
        Selection::FragmentSpread(spread) => {
            let definition = reading.document.fragments.get(&spread.fragment_name)?;
            Some((&spread.directives, (Some(&definition.selection_set.ty), &definition.selection_set)))
        }
    }
}
