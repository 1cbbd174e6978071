//! The client's `__schema` and `__type` fields as a query of their own: answered here, never sent anywhere.
//!
//! They may stand wherever the query root is reached again, and one response key may mean different things at different places:
//! so each is asked under a key of its own.

use graphql::ast::OperationType;
use graphql::executable::{self, Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name, Node, Valid};
use indexmap::IndexMap;

use crate::plan::IntrospectionId;

/// Such fields as they are found: those that one response key means together have one id.
#[derive(Default)]
pub struct Introspected<'d> {
    /// By where the first of them stands in the document's memory: nodes that are shared have one answer.
    ids: IndexMap<Vec<usize>, Vec<&'d Node<Field>>>,
}

impl<'d> Introspected<'d> {
    /// The id of what some fields ask together.
    pub fn id(&mut self, fields: Vec<&'d Node<Field>>) -> IntrospectionId {
        let address = |field: &&Node<Field>| std::ptr::from_ref::<Field>(field.as_ref()) as usize;
        let entry = self.ids.entry(fields.iter().map(address).collect());
        let id = IntrospectionId(entry.index() as u32);
        entry.or_insert(fields);
        id
    }
}

/// Makes the query, if there are such fields. Fragments that they spread are kept.
pub fn document(
    document: &Valid<ExecutableDocument>,
    (operation, query): (&Node<executable::Operation>, &Name),
    introspected: Introspected<'_>,
) -> Option<Box<Valid<ExecutableDocument>>> {
    if introspected.ids.is_empty() {
        return None;
    }
    let mut only = operation.as_ref().clone();
    only.operation_type = OperationType::Query;
    let mut selection_set = SelectionSet::new(query.clone());
    for (id, fields) in introspected.ids.into_values().enumerate() {
        let alias = Name::new(&IntrospectionId(id as u32).key()).ok();
        let fields = fields.into_iter().map(|field| Field { alias: alias.clone(), ..field.as_ref().clone() });
        selection_set.selections.extend(fields.map(|field| Selection::Field(Node::new(field))));
    }
    only.selection_set = selection_set;
    let mut made = ExecutableDocument::new();
    made.sources = document.sources.clone();
    made.fragments = document.fragments.clone();
    made.operations = executable::OperationMap::from_one(only);
    // Parts of a valid document, with perhaps unused variables and fragments: nothing that answering looks at.
    Some(Box::new(Valid::assume_valid(made)))
}
