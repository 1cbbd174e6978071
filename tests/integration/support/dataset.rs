//! Data behind data-driven subgraphs: records of entities by type and key, and values of root fields.
//!
//! Gathered from a recorded operation and its answer: every object with a key becomes a record, in which
//! all that was seen of it is merged; where it stood, a reference stays.

use std::collections::BTreeMap;
use std::sync::Arc;

use graphql::executable::{Selection, SelectionSet};
use graphql::{ExecutableDocument, Name, Schema, Valid};
use serde_json::{Map, Value, json};

/// The member that marks a reference: `{"__ref": ["User", "1"]}`.
pub const REFERENCE: &str = "__ref";

/// Records and root values.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// The key field of each entity type, such as `User` → `id`.
    pub key_fields: BTreeMap<String, String>,
    /// Records by type and key value.
    pub records: BTreeMap<(String, String), Map<String, Value>>,
    /// Values of root fields by `Type.field`.
    pub roots: BTreeMap<String, Value>,
}

impl Dataset {
    /// Gathers the records of an answer. Every entity must have been asked for its key, and nothing for an alias.
    pub fn gather(schema: &Valid<Schema>, query: &str, data: &Value, key_fields: &[(&str, &str)]) -> Arc<Self> {
        let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql").expect("a valid query");
        let operation = document.operations.get(None).expect("one operation");
        let mut dataset = Self {
            key_fields: key_fields.iter().map(|(ty, key)| ((*ty).to_owned(), (*key).to_owned())).collect(),
            ..Self::default()
        };
        let root = dataset.object(&document, &operation.selection_set, data.as_object().expect("data"));
        let root_type = &operation.selection_set.ty;
        dataset.roots = root.into_iter().map(|(field, value)| (format!("{root_type}.{field}"), value)).collect();
        Arc::new(dataset)
    }

    fn object(
        &mut self,
        document: &ExecutableDocument,
        set: &SelectionSet,
        data: &Map<String, Value>,
    ) -> Map<String, Value> {
        let mut gathered = Map::new();
        self.members(document, set, data, &mut gathered);
        gathered
    }

    fn members(
        &mut self,
        document: &ExecutableDocument,
        set: &SelectionSet,
        data: &Map<String, Value>,
        gathered: &mut Map<String, Value>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let value = self.value(document, &field.selection_set, &data[field.name.as_str()]);
                    gathered.insert(field.name.to_string(), value);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &document.fragments[&spread.fragment_name];
                    self.members(document, &fragment.selection_set, data, gathered);
                }
                Selection::InlineFragment(fragment) => self.members(document, &fragment.selection_set, data, gathered),
            }
        }
    }

    fn value(&mut self, document: &ExecutableDocument, set: &SelectionSet, data: &Value) -> Value {
        match data {
            Value::Array(items) => items.iter().map(|item| self.value(document, set, item)).collect(),
            Value::Object(object) => {
                let gathered = self.object(document, set, object);
                self.store(&set.ty, gathered)
            }
            leaf => leaf.clone(),
        }
    }

    /// Merges an entity into its record and gives the reference to it; other objects stay as they are.
    fn store(&mut self, ty: &Name, object: Map<String, Value>) -> Value {
        let Some(key_field) = self.key_fields.get(ty.as_str()) else { return Value::Object(object) };
        let key = key_text(&object[key_field]);
        self.records.entry((ty.to_string(), key.clone())).or_default().extend(object);
        json!({ REFERENCE: [ty.as_str(), key] })
    }

    /// The record that a reference or representation names.
    pub fn record(&self, ty: &str, key: &str) -> Option<&Map<String, Value>> {
        self.records.get(&(ty.to_owned(), key.to_owned()))
    }
}

/// A key value as text: `1` and `"1"` name the same entity.
pub fn key_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
