//! The labels of progressive overrides that can make a difference to an operation: they are part of a plan cache's
//! key, all others must not be.

use federation::supergraph::{FieldSet, FieldSetItem};
use federation::{FieldId, LabelSet, Supergraph, TypeId};
use graphql::executable::{Operation, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name, Valid};
use rustc_hash::FxHashSet;

/// The labels on fields that the operation selects, or that keys and requirements on the way may need.
pub fn override_labels(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
) -> LabelSet {
    let mut touched = Touched { supergraph, labels: LabelSet::default(), fields: FxHashSet::default() };
    if !supergraph.override_labels.is_empty() {
        touched.operation(document, operation);
    }
    touched.labels
}

struct Touched<'s> {
    supergraph: &'s Supergraph,
    labels: LabelSet,
    fields: FxHashSet<FieldId>,
}

impl Touched<'_> {
    fn operation(&mut self, document: &Valid<ExecutableDocument>, operation: &Operation) {
        let mut fragments: FxHashSet<&Name> = FxHashSet::default();
        let mut open: Vec<&SelectionSet> = vec![&operation.selection_set];
        while let Some(set) = open.pop() {
            for selection in &set.selections {
                match selection {
                    Selection::Field(field) => {
                        open.push(&field.selection_set);
                        if let Some(&parent) = self.supergraph.type_by_name.get(&set.ty) {
                            self.field(parent, &field.name);
                        }
                    }
                    Selection::InlineFragment(fragment) => open.push(&fragment.selection_set),
                    Selection::FragmentSpread(spread) => {
                        if fragments.insert(&spread.fragment_name)
                            && let Some(fragment) = document.fragments.get(&spread.fragment_name)
                        {
                            open.push(&fragment.selection_set);
                        }
                    }
                }
            }
        }
    }

    /// A field of any object that stands for a type, and all that getting it may take.
    fn field(&mut self, parent: TypeId, name: &Name) {
        let supergraph = self.supergraph;
        let mut open: Vec<FieldId> = Vec::new();
        let of = |ty: TypeId, name: &Name| supergraph.ty(ty).fields.get(name).copied();
        open.extend(supergraph.ty(parent).possible_types.iter().filter_map(|object| of(object, name)));
        while let Some(id) = open.pop() {
            if !self.fields.insert(id) {
                continue;
            }
            let field = supergraph.field(id);
            let mut sets: Vec<&FieldSet> =
                supergraph.graph.entries(field.parent).iter().map(|entry| &entry.key).collect();
            for join in supergraph.graph.resolvers(id).iter().filter_map(|resolver| supergraph.join_of(resolver)) {
                join.override_label.into_iter().for_each(|label| self.labels.insert(label));
                sets.extend(&join.requires);
                let arguments = join.context_arguments.iter().flat_map(|argument| &argument.selections);
                sets.extend(arguments.map(|selection| &selection.fields));
            }
            while let Some(set) = sets.pop() {
                for item in set {
                    match item {
                        FieldSetItem::Field { field, selection, .. } => {
                            let field = field.map(|field| supergraph.field(field));
                            open.extend(field.into_iter().flat_map(|field| {
                                let objects = supergraph.ty(field.parent).possible_types.iter();
                                objects.filter_map(|object| of(object, &field.name))
                            }));
                            sets.push(selection);
                        }
                        FieldSetItem::Fragment { selection, .. } => sets.push(selection),
                    }
                }
            }
        }
    }
}
