//! What each subgraph knows of the world, by its SDL: its fields of its types; of external ones only what keys and
//! `@provides` need; of required ones what the answer has to be when the right values are sent.

use std::collections::{BTreeMap, BTreeSet};

use federation::Supergraph;
use graphql::ast::Value as Literal;
use graphql::executable::{FieldSet, Selection, SelectionSet};
use graphql::schema::{ExtendedType, FieldDefinition, ObjectType};
use graphql::{Name, Valid};
use serde_json::{Map, Value, json};

use super::world::World;
use crate::support::arguments;
use crate::support::dataset::{CASES, Dataset, ECHO, REFERENCE, echo};
use crate::support::subgraph_schema::SubgraphSchema;

/// Fields that another subgraph took over: subgraph, type, field.
type TakenOver = BTreeSet<(String, String, String)>;

/// The fields that subgraphs take over from each other.
pub fn taken_over(schemas: &BTreeMap<&String, SubgraphSchema>) -> TakenOver {
    let mut taken = TakenOver::new();
    for schema in schemas.values() {
        for (name, ty) in &schema.schema.types {
            let ExtendedType::Object(object) = ty else { continue };
            for (field, definition) in &object.fields {
                let from = argument(definition, "override", "from");
                // With a label both have it: now one of them is asked, now the other.
                let from = from.filter(|_| argument(definition, "override", "label").is_none());
                taken.extend(from.map(|from| (from, name.to_string(), field.to_string())));
            }
        }
    }
    taken
}

/// What a subgraph knows.
pub struct Division<'a> {
    /// The whole.
    pub world: &'a World,
    /// Tells which objects are of which interface.
    pub supergraph: &'a Supergraph,
    /// The subgraph.
    pub name: &'a str,
    /// Its schema.
    pub schema: &'a SubgraphSchema,
    /// What it lost.
    pub taken_over: &'a TakenOver,
}

impl Division<'_> {
    /// Its data.
    pub fn dataset(&self) -> Dataset {
        let mut dataset = Dataset::default();
        for (name, ty) in &self.schema.schema.types {
            let ExtendedType::Object(object) = ty else { continue };
            let records = self.records(object);
            if !records.is_empty() {
                dataset.records.insert(name.to_string(), records);
            }
            for (field, definition) in &object.fields {
                let known = format!("{}.{field}", self.name_above(name));
                let Some(value) = self.world.fields.get(&known) else { continue };
                if !self.is_taken_over(name, field) {
                    dataset.fields.insert(format!("{name}.{field}"), self.value(value, definition));
                }
            }
        }
        dataset
    }

    /// The name in the supergraph of a type that may be a root type under another name here.
    fn name_above<'n>(&'n self, name: &'n str) -> &'n str {
        let roots = ["Query", "Mutation", "Subscription"].into_iter().zip(self.roots());
        roots.into_iter().find(|(_, root)| *root == Some(name)).map_or(name, |(above, _)| above)
    }

    /// The name here of a type of the supergraph.
    fn name_here<'n>(&'n self, above: &'n str) -> &'n str {
        let roots = ["Query", "Mutation", "Subscription"].into_iter().zip(self.roots());
        roots.into_iter().find(|(name, _)| *name == above).and_then(|(_, root)| root).unwrap_or(above)
    }

    fn roots(&self) -> [Option<&str>; 3] {
        let definition = &self.schema.schema.schema_definition;
        let roots = [&definition.query, &definition.mutation, &definition.subscription];
        roots.map(|root| root.as_ref().map(|root| root.as_str()))
    }

    fn is_taken_over(&self, ty: &str, field: &str) -> bool {
        self.taken_over.contains(&(self.name.to_owned(), ty.to_owned(), field.to_owned()))
    }

    /// The records of a type; of all implementations if it is an interface object.
    fn records(&self, object: &ObjectType) -> BTreeMap<String, Map<String, Value>> {
        let is_interface = object.directives.has("interfaceObject");
        let mut found = BTreeMap::new();
        for (ty, records) in &self.world.records {
            if *ty != object.name.as_str() && !(is_interface && self.implements(ty, &object.name)) {
                continue;
            }
            for (name, members) in records {
                let name = if is_interface { format!("{ty}_{name}") } else { name.clone() };
                found.insert(name, self.members(object, members));
            }
        }
        found
    }

    fn implements(&self, ty: &str, interface: &str) -> bool {
        let id = |name: &str| self.supergraph.type_by_name.get(name).copied();
        let (Some(ty), Some(interface)) = (id(ty), id(interface)) else { return false };
        self.supergraph.ty(interface).possible_types.contains(ty)
    }

    fn members(&self, object: &ObjectType, all: &Map<String, Value>) -> Map<String, Value> {
        let keys = key_fields(object);
        let mut members = Map::new();
        for (name, definition) in &object.fields {
            let is_key = keys.contains(name.as_str());
            let is_external = definition.directives.has("external") || self.is_taken_over(&object.name, name);
            let Some(value) = all.get(name.as_str()).filter(|_| is_key || !is_external) else { continue };
            let mut value = self.value(value, definition);
            if let Some(required) = field_set(self.schema, &object.name, argument(definition, "requires", "fields")) {
                let given = self.given(&required.selection_set, all);
                value = json!({ CASES: [{ "given": given, "value": value }] });
            }
            members.insert(name.to_string(), value);
        }
        members
    }

    /// A value as the subgraph gives it, with what the field provides.
    fn value(&self, value: &Value, definition: &FieldDefinition) -> Value {
        let inner = definition.ty.inner_named_type();
        let provided = field_set(self.schema, inner, argument(definition, "provides", "fields"));
        self.translated(value, provided.as_ref().map(|set| &set.selection_set))
    }

    fn translated(&self, value: &Value, provided: Option<&SelectionSet>) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.translated(item, provided)).collect(),
            Value::Object(members) if members.contains_key(ECHO) => value.clone(),
            Value::Object(_) => {
                let Some((ty, members)) = self.world.object(value) else { return value.clone() };
                let mut object = match value.get(REFERENCE).and_then(Value::as_str) {
                    Some(reference) => self.reference(ty, reference),
                    None => self.inline(ty, members),
                };
                if let Some(provided) = provided {
                    self.provide(provided, (ty, members), &mut object);
                }
                Value::Object(object)
            }
            leaf => leaf.clone(),
        }
    }

    fn reference(&self, ty: &str, reference: &str) -> Map<String, Value> {
        let interface = self
            .schema
            .schema
            .types
            .values()
            .find(|known| known.directives().has("interfaceObject") && self.implements(ty, known.name()));
        let reference = match interface {
            Some(interface) if self.schema.schema.get_object(ty).is_none() => {
                format!("{}/{}", interface.name(), reference.replace('/', "_"))
            }
            _ => reference.to_owned(),
        };
        Map::from_iter([(REFERENCE.to_owned(), json!(reference))])
    }

    fn inline(&self, ty: &str, all: &Map<String, Value>) -> Map<String, Value> {
        let ty = self.name_here(ty);
        let mut members = match self.schema.schema.get_object(ty) {
            Some(object) => self.members(object, all),
            None => Map::new(),
        };
        members.insert("__typename".to_owned(), json!(ty));
        members
    }

    fn provide(&self, set: &SelectionSet, (ty, all): (&str, &Map<String, Value>), object: &mut Map<String, Value>) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let Some(value) = all.get(field.name.as_str()) else { continue };
                    let below = (!field.selection_set.selections.is_empty()).then_some(&field.selection_set);
                    object.insert(field.name.to_string(), self.translated(value, below));
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.type_condition.as_ref();
                    if on.is_none_or(|on| on == ty || self.implements(ty, on)) {
                        self.provide(&fragment.selection_set, (ty, all), object);
                    }
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    /// What has to be sent of an object.
    fn given(&self, set: &SelectionSet, all: &Map<String, Value>) -> Map<String, Value> {
        let mut given = Map::new();
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let Some(value) = all.get(field.name.as_str()) else { continue };
                    let arguments = arguments::arguments(&self.schema.schema, &field.definition, field, &Map::new());
                    given.insert(field.name.to_string(), self.told(value, &arguments, &field.selection_set));
                }
                Selection::InlineFragment(fragment) => {
                    let ty = all.get("__typename").and_then(Value::as_str).unwrap_or_default();
                    let on = fragment.type_condition.as_ref();
                    if on.is_none_or(|on| on == ty || self.implements(ty, on)) {
                        given.extend(self.given(&fragment.selection_set, all));
                    }
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        given
    }

    fn told(&self, value: &Value, arguments: &Value, set: &SelectionSet) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.told(item, arguments, set)).collect(),
            Value::Object(members) => match members.get(ECHO).and_then(Value::as_str) {
                Some(text) => echo(text, arguments),
                None => match self.world.object(value) {
                    Some((ty, members)) => {
                        let mut members = members.clone();
                        members.insert("__typename".to_owned(), json!(ty));
                        Value::Object(self.given(set, &members))
                    }
                    None => value.clone(),
                },
            },
            leaf => leaf.clone(),
        }
    }
}

/// The string argument of a directive.
fn argument(definition: &FieldDefinition, directive: &str, name: &str) -> Option<String> {
    let value = definition.directives.get(directive)?.specified_argument_by_name(name)?;
    match &**value {
        Literal::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn field_set(schema: &SubgraphSchema, ty: &Name, text: Option<String>) -> Option<Valid<FieldSet>> {
    let text = text?;
    let set = FieldSet::parse_and_validate(&schema.schema, ty.clone(), &text, "fields.graphql");
    Some(set.unwrap_or_else(|found| panic!("{ty} {text}: {}", found.errors)))
}

/// The first fields of an object's keys.
fn key_fields(object: &ObjectType) -> BTreeSet<String> {
    let keys = object.directives.get_all("key").filter_map(|key| key.specified_argument_by_name("fields")?.as_str());
    let mut names = BTreeSet::new();
    for key in keys {
        let mut depth = 0;
        for word in key.replace('{', " { ").replace('}', " } ").split_whitespace() {
            match word {
                "{" => depth += 1,
                "}" => depth -= 1,
                name if depth == 0 => {
                    names.insert(name.to_owned());
                }
                _ => {}
            }
        }
    }
    names
}
