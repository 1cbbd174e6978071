//! The fields that an operation selects on an object: fragments and conditions decided, equal response keys together.

use graphql::ExecutableDocument;
use graphql::executable::{Field, Selection, SelectionSet};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::arguments::is_included;
use super::subgraph_schema::SubgraphSchema;

/// What collecting depends on.
pub struct Collection<'a> {
    /// Tells which fragments fit.
    pub schema: &'a SubgraphSchema,
    /// Has the named fragments.
    pub document: &'a ExecutableDocument,
    /// The values of conditions.
    pub variables: &'a Map<String, Value>,
}

impl<'a> Collection<'a> {
    /// Adds the fields for an object of a type, by response key in order of first use.
    pub fn collect(&self, ty: &str, set: &'a SelectionSet, fields: &mut IndexMap<&'a str, Vec<&'a Field>>) {
        for selection in &set.selections {
            if !is_included(selection.directives(), self.variables) {
                continue;
            }
            match selection {
                Selection::Field(field) => fields.entry(field.response_key().as_str()).or_default().push(field),
                Selection::InlineFragment(fragment) => {
                    if fragment.type_condition.as_ref().is_none_or(|condition| self.schema.is_of(ty, condition)) {
                        self.collect(ty, &fragment.selection_set, fields);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    if self.schema.is_of(ty, &fragment.selection_set.ty) {
                        self.collect(ty, &fragment.selection_set, fields);
                    }
                }
            }
        }
    }
}
