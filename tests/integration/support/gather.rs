//! A dataset from a recorded operation and its answer: every object with a key becomes a record, in which all that
//! was seen of it is merged; where it stood, a reference stays.

use std::collections::BTreeMap;
use std::sync::Arc;

use graphql::executable::{Selection, SelectionSet};
use graphql::{ExecutableDocument, Name, Schema, Valid};
use serde_json::{Map, Value, json};

use super::dataset::{Dataset, REFERENCE, key_text};

/// Gathers what an answer says. `key_fields` names the key field of each entity type, such as `User` → `id`. Every
/// entity must have been asked for its key, and nothing for an alias.
pub fn gather(schema: &Valid<Schema>, query: &str, data: &Value, key_fields: &[(&str, &str)]) -> Arc<Dataset> {
    let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql").expect("a valid query");
    let operation = document.operations.get(None).expect("one operation");
    let mut gathering = Gathering {
        document: &document,
        key_fields: key_fields.iter().copied().collect(),
        dataset: Dataset::default(),
    };
    let root = gathering.object(&operation.selection_set, data.as_object().expect("data"));
    let root_type = &operation.selection_set.ty;
    let mut dataset = gathering.dataset;
    dataset.fields = root.into_iter().map(|(field, value)| (format!("{root_type}.{field}"), value)).collect();
    Arc::new(dataset)
}

struct Gathering<'a> {
    document: &'a ExecutableDocument,
    key_fields: BTreeMap<&'a str, &'a str>,
    dataset: Dataset,
}

impl Gathering<'_> {
    fn object(&mut self, set: &SelectionSet, data: &Map<String, Value>) -> Map<String, Value> {
        let mut gathered = Map::new();
        self.members(set, data, &mut gathered);
        gathered
    }

    fn members(&mut self, set: &SelectionSet, data: &Map<String, Value>, gathered: &mut Map<String, Value>) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let value = self.value(&field.selection_set, &data[field.name.as_str()]);
                    gathered.insert(field.name.to_string(), value);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    self.members(&fragment.selection_set, data, gathered);
                }
                Selection::InlineFragment(fragment) => self.members(&fragment.selection_set, data, gathered),
            }
        }
    }

    fn value(&mut self, set: &SelectionSet, data: &Value) -> Value {
        match data {
            Value::Array(items) => items.iter().map(|item| self.value(set, item)).collect(),
            Value::Object(object) => {
                let gathered = self.object(set, object);
                self.store(&set.ty, gathered)
            }
            leaf => leaf.clone(),
        }
    }

    /// Merges an entity into its record and gives the reference to it; other objects stay as they are.
    fn store(&mut self, ty: &Name, object: Map<String, Value>) -> Value {
        let Some(key_field) = self.key_fields.get(ty.as_str()) else { return Value::Object(object) };
        let key = key_text(&object[*key_field]);
        let records = self.dataset.records.entry(ty.to_string()).or_default();
        records.entry(key.clone()).or_default().extend(object);
        json!({ REFERENCE: format!("{ty}/{key}") })
    }
}
