//! What a subgraph resolves at a place because the field that led there provides it.

use crate::supergraph::{FieldSet, FieldSetItem, Supergraph};
use crate::{FieldId, TypeId};

/// The provided selection at a place; empty nearly everywhere. It ends where a key is jumped by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    items: FieldSet,
}

impl View {
    /// The view that a field set opens.
    pub fn new(items: FieldSet) -> Self {
        Self { items }
    }

    /// Whether nothing is provided.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether the field of an object is provided here.
    pub fn provides(&self, supergraph: &Supergraph, object: TypeId, field: FieldId) -> bool {
        !self.items.is_empty() && !self.found(supergraph, object, field).is_empty()
    }

    /// The view below a field: what the field's own join provides, and what this view provides below it.
    #[must_use]
    pub fn below(&self, supergraph: &Supergraph, object: TypeId, field: FieldId, provides: Option<&FieldSet>) -> Self {
        let mut items: FieldSet = provides.cloned().unwrap_or_default();
        for selection in self.found(supergraph, object, field) {
            items.extend(selection.iter().cloned());
        }
        Self { items }
    }

    /// The selections below a field of an object, wherever the view lists it.
    fn found<'a>(&'a self, supergraph: &Supergraph, object: TypeId, field: FieldId) -> Vec<&'a FieldSet> {
        let name = &supergraph.field(field).name;
        let mut found = Vec::new();
        // Fragments nest no deeper than field sets may.
        let mut open: Vec<&FieldSet> = vec![&self.items];
        while let Some(items) = open.pop() {
            for item in items {
                match item {
                    FieldSetItem::Field { field: Some(listed), selection, .. } => {
                        if supergraph.field(*listed).name == *name {
                            found.push(selection);
                        }
                    }
                    FieldSetItem::Field { field: None, .. } => {}
                    FieldSetItem::Fragment { on, selection } => {
                        if *on == object || supergraph.ty(*on).possible_types.contains(object) {
                            open.push(selection);
                        }
                    }
                }
            }
        }
        found
    }
}
