//! The client's `__schema` and `__type` fields as an operation of their own: answered here, never sent anywhere.

use graphql::executable::{self, Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Node, Valid};

/// Makes the operation, if there are such fields. Their aliases, and fragments that they spread, are kept.
pub fn document(
    document: &Valid<ExecutableDocument>,
    operation: &Node<executable::Operation>,
    fields: Vec<Node<Field>>,
) -> Option<Box<Valid<ExecutableDocument>>> {
    if fields.is_empty() {
        return None;
    }
    let mut only = operation.as_ref().clone();
    let mut selection_set = SelectionSet::new(only.selection_set.ty.clone());
    selection_set.selections.extend(fields.into_iter().map(Selection::Field));
    only.selection_set = selection_set;
    let mut made = ExecutableDocument::new();
    made.sources = document.sources.clone();
    made.fragments = document.fragments.clone();
    made.operations = executable::OperationMap::from_one(only);
    // Parts of a valid document, with perhaps unused variables and fragments: nothing that answering looks at.
    Some(Box::new(Valid::assume_valid(made)))
}
