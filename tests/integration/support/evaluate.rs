//! Answers one operation from a [`Dataset`], as a subgraph would: validated against the subgraph's own schema,
//! `_entities` and `_service` included. Independent of the router's planner and executor.

use graphql::executable::{Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Schema, Valid};
use serde_json::{Map, Value, json};

use super::dataset::{Dataset, REFERENCE, key_text};

/// The definitions that a subgraph's SDL may use without defining them.
const FEDERATION: &str = r"
scalar federation__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION
directive @provides(fields: federation__FieldSet!) on FIELD_DEFINITION
directive @external(reason: String) on OBJECT | FIELD_DEFINITION
directive @extends on OBJECT | INTERFACE
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION | SCHEMA
directive @interfaceObject on OBJECT
directive @composeDirective(name: String!) repeatable on SCHEMA
scalar _Any
type _Service { sdl: String! }
extend type Query { _service: _Service! }
";

/// A subgraph's SDL as an executable schema, with `_entities` over the given entity types.
pub fn executable_schema(sdl: &str, entity_types: &[&str]) -> Valid<Schema> {
    let mut prelude = FEDERATION.to_owned();
    if !entity_types.is_empty() {
        prelude.push_str(&format!("union _Entity = {}\n", entity_types.join(" | ")));
        prelude.push_str("extend type Query { _entities(representations: [_Any!]!): [_Entity]! }\n");
    }
    let schema =
        Schema::builder().adopt_orphan_extensions().parse(sdl, "subgraph.graphql").parse(prelude, "federation.graphql");
    schema.build().expect("a subgraph schema").validate().expect("a valid subgraph schema")
}

/// Answers a GraphQL request.
pub fn answer(schema: &Valid<Schema>, sdl: &str, dataset: &Dataset, request: &Value) -> Value {
    let query = request["query"].as_str().unwrap_or_default();
    let document = match ExecutableDocument::parse_and_validate(schema, query, "operation.graphql") {
        Ok(document) => document,
        Err(error) => {
            return json!({ "errors": [{ "message": format!("invalid for this subgraph: {}", error.errors) }] });
        }
    };
    let Ok(operation) = document.operations.get(request["operationName"].as_str()) else {
        return json!({ "errors": [{ "message": "which operation?" }] });
    };
    let evaluation = Evaluation { document: &document, dataset, sdl, variables: &request["variables"] };
    json!({ "data": evaluation.root(&operation.selection_set) })
}

struct Evaluation<'a> {
    document: &'a ExecutableDocument,
    dataset: &'a Dataset,
    sdl: &'a str,
    variables: &'a Value,
}

impl Evaluation<'_> {
    fn root(&self, set: &SelectionSet) -> Value {
        let mut response = Map::new();
        for field in self.fields(set, set.ty.as_str()) {
            let value = match field.name.as_str() {
                "__typename" => json!(set.ty.as_str()),
                "_service" => json!({ "sdl": self.sdl }),
                "_entities" => self.entities(field),
                name => {
                    let value = self.dataset.roots.get(&format!("{}.{name}", set.ty)).unwrap_or(&Value::Null);
                    self.complete(&field.selection_set, value)
                }
            };
            response.insert(field.response_key().to_string(), value);
        }
        Value::Object(response)
    }

    fn entities(&self, field: &Field) -> Value {
        let variable = field.arguments[0].value.as_variable().expect("representations come by variable");
        let representations = self.variables[variable.as_str()].as_array().expect("a list of representations");
        representations.iter().map(|representation| self.entity(&field.selection_set, representation)).collect()
    }

    fn entity(&self, set: &SelectionSet, representation: &Value) -> Value {
        let ty = representation["__typename"].as_str().expect("a representation's type");
        let key = key_text(&representation[&self.dataset.key_fields[ty]]);
        self.dataset.record(ty, &key).map_or(Value::Null, |record| self.object(set, record, ty))
    }

    fn complete(&self, set: &SelectionSet, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.complete(set, item)).collect(),
            Value::Object(object) => match object.get(REFERENCE) {
                Some(reference) => {
                    let (ty, key) = (reference[0].as_str().expect("a type"), reference[1].as_str().expect("a key"));
                    self.dataset.record(ty, key).map_or(Value::Null, |record| self.object(set, record, ty))
                }
                None if set.selections.is_empty() => value.clone(),
                None => self.object(set, object, set.ty.as_str()),
            },
            leaf => leaf.clone(),
        }
    }

    fn object(&self, set: &SelectionSet, record: &Map<String, Value>, ty: &str) -> Value {
        let mut response = Map::new();
        for field in self.fields(set, ty) {
            let value = match field.name.as_str() {
                "__typename" => json!(ty),
                name => self.complete(&field.selection_set, record.get(name).unwrap_or(&Value::Null)),
            };
            response.insert(field.response_key().to_string(), value);
        }
        Value::Object(response)
    }

    /// The fields for an object of a type; fragments on other types are left out.
    fn fields<'s>(&'s self, set: &'s SelectionSet, ty: &str) -> Vec<&'s Field> {
        let mut fields = Vec::new();
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => fields.push(&**field),
                Selection::InlineFragment(fragment) => {
                    if fragment.type_condition.as_ref().is_none_or(|condition| condition == ty) {
                        fields.extend(self.fields(&fragment.selection_set, ty));
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    if fragment.selection_set.ty == ty {
                        fields.extend(self.fields(&fragment.selection_set, ty));
                    }
                }
            }
        }
        fields
    }
}
