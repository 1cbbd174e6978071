//! The fields that a selection asks of objects of one type, by response key in order of first use, each with the part
//! of the response that it is asked for.

use federation::{SubgraphId, TypeId, TypeSet};
use graphql::executable::{DirectiveList, Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name};
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::parts::Part;
use super::{Asked, Proof};
use crate::operation::stands;
use crate::{Decided, Deferral};

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
    /// Whether fragments may be deferred.
    pub deferral: Deferral,
}

impl<'a> Proof<'a> {
    /// The operation, read as the API says.
    pub fn api<'d>(&self, asked: Asked<'d>) -> Reading<'d> {
        let Decided { conditions, deferral, .. } = asked.decided;
        Reading { document: asked.document, subgraph: None, interface: None, conditions, deferral }
    }

    /// The fields for objects of a type, nothing being deferred.
    pub fn collect<'d>(
        &self,
        sets: &[&'d SelectionSet],
        ty: TypeId,
        reading: &Reading<'d>,
    ) -> IndexMap<Name, Vec<&'d Field>> {
        let sets: Vec<_> = sets.iter().map(|set| (*set, Part::First)).collect();
        let fields = self.collect_parts(&sets, ty, reading, &mut |_, around| around);
        let whole = |fields: Vec<(&'d Field, Part)>| fields.into_iter().map(|(field, _)| field).collect();
        fields.into_iter().map(|(key, fields)| (key, whole(fields))).collect()
    }

    /// The fields for objects of a type. `begin` says to which part what is in a fragment belongs, by its directives
    /// and the part around it.
    pub fn collect_parts<'d>(
        &self,
        sets: &[(&'d SelectionSet, Part)],
        ty: TypeId,
        reading: &Reading<'d>,
        begin: &mut dyn FnMut(&DirectiveList, Part) -> Part,
    ) -> IndexMap<Name, Vec<(&'d Field, Part)>> {
        let mut fields = IndexMap::new();
        let mut spread = FxHashSet::default();
        let selections = |&(set, part): &(&'d SelectionSet, Part)| set.selections.iter().rev().map(move |s| (s, part));
        let mut open: Vec<(&Selection, Part)> = sets.iter().rev().flat_map(selections).collect();
        while let Some((selection, around)) = open.pop() {
            let (directives, (condition, set)) = match selection {
                Selection::Field(field) => {
                    if stands(&field.directives, reading.conditions) {
                        let known: &mut Vec<(&'d Field, Part)> =
                            fields.entry(field.response_key().clone()).or_default();
                        known.push((field, around));
                    }
                    continue;
                }
                other => match fragment(other, reading) {
                    Some(parts) => parts,
                    None => continue,
                },
            };
            let key = (std::ptr::from_ref(set), around);
            if stands(directives, reading.conditions) && self.fits(condition, ty, reading) && !spread.contains(&key) {
                let part = begin(directives, around);
                if part == around {
                    spread.insert(key);
                }
                open.extend(selections(&(set, part)));
            }
        }
        fields
    }

    /// The sets of types that selections tell apart.
    pub fn conditions<'d>(
        &self,
        sets: impl IntoIterator<Item = &'d SelectionSet>,
        reading: &Reading<'d>,
    ) -> Vec<TypeSet> {
        let mut found = Vec::new();
        let mut spread = FxHashSet::default();
        let mut open: Vec<&Selection> = sets.into_iter().flat_map(|set| &set.selections).collect();
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

type Fragment<'d> = (&'d DirectiveList, (Option<&'d Name>, &'d SelectionSet));

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
