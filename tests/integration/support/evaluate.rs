//! Answers one operation from a [`Dataset`], as a subgraph would: validated against the subgraph's own schema,
//! `_entities` and `_service` included, results coerced and nulls propagated. Independent of the router's planner
//! and executor.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use graphql::ExecutableDocument;
use graphql::ast::Type;
use graphql::executable::{Field, SelectionSet};
use graphql::schema::ExtendedType;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::arguments::{arguments, variables};
use super::collect::Collection;
use super::dataset::{Dataset, REFERENCE, Switch};
use super::entities;
use super::subgraph_schema::SubgraphSchema;
use super::value::{Counters, Missing, Object, is_leaf, value};

/// An answer, and what was wrong with the question.
pub struct Answer {
    /// The response.
    pub body: Value,
    /// What no router may ask, and what the data doesn't tell: each is a failed test.
    pub faults: Vec<String>,
    /// How long the answer is held back.
    pub delay: Duration,
}

/// Answers a GraphQL request.
pub fn answer(schema: &SubgraphSchema, dataset: &Dataset, counters: &Counters, request: &Value) -> Answer {
    let refused = |message: String| Answer {
        body: json!({ "errors": [{ "message": message }] }),
        faults: vec![message],
        delay: Duration::ZERO,
    };
    let query = request["query"].as_str().unwrap_or_default();
    let document = match ExecutableDocument::parse_and_validate(&schema.schema, query, "operation.graphql") {
        Ok(document) => document,
        Err(error) => return refused(format!("invalid for this subgraph: {}\n{query}", error.errors)),
    };
    let Ok(operation) = document.operations.get(request["operationName"].as_str()) else {
        return refused(format!("which operation? {request}"));
    };
    let evaluation = Evaluation {
        schema,
        dataset,
        counters,
        document: &document,
        variables: variables(&schema.schema, operation, &request["variables"]),
        errors: RefCell::default(),
        faults: RefCell::default(),
        delay: Cell::default(),
    };
    let set = &operation.selection_set;
    let members = Map::new();
    let root = Object { ty: set.ty.as_str(), name: None, members: &members, provided: None, representation: None };
    let data = evaluation.object(root, &[set], &mut Vec::new()).unwrap_or_default();
    let errors = evaluation.errors.into_inner();
    let body = if errors.is_empty() { json!({ "data": data }) } else { json!({ "data": data, "errors": errors }) };
    Answer { body, faults: evaluation.faults.into_inner(), delay: evaluation.delay.get() }
}

/// A null that has its error already and goes up to the nearest place where null may be.
struct Propagates;

struct Evaluation<'a> {
    schema: &'a SubgraphSchema,
    dataset: &'a Dataset,
    counters: &'a Counters,
    document: &'a ExecutableDocument,
    variables: Map<String, Value>,
    errors: RefCell<Vec<Value>>,
    faults: RefCell<Vec<String>>,
    delay: Cell<Duration>,
}

impl Evaluation<'_> {
    fn object(&self, object: Object<'_>, sets: &[&SelectionSet], path: &mut Vec<Value>) -> Result<Value, Propagates> {
        let mut fields = IndexMap::new();
        let collection = Collection { schema: self.schema, document: self.document, variables: &self.variables };
        for set in sets {
            collection.collect(object.ty, set, &mut fields);
        }
        let mut response = Map::new();
        for (key, fields) in fields {
            let switch = fields.first().and_then(|field| self.dataset.switch(object.ty, object.name, &field.name));
            if matches!(switch, Some(Switch::Absent)) {
                continue;
            }
            path.push(json!(key));
            let value = self.field(object, &fields, path);
            path.pop();
            response.insert(key.to_owned(), value?);
        }
        Ok(Value::Object(response))
    }

    fn field(&self, object: Object<'_>, fields: &[&Field], path: &mut Vec<Value>) -> Result<Value, Propagates> {
        let Some(field) = fields.first() else { return Ok(Value::Null) };
        match field.name.as_str() {
            "__typename" => return Ok(json!(object.ty)),
            "_service" => return Ok(json!({ "sdl": self.schema.sdl })),
            "_entities" => return self.entities(fields, path),
            _ => {}
        }
        let Ok(definition) = self.schema.schema.type_field(object.ty, &field.name) else {
            self.fault(format!("{} has no field {}", object.ty, field.name));
            return Ok(Value::Null);
        };
        let arguments = arguments(&self.schema.schema, definition, field, &self.variables);
        let (delay, value) = value(self.dataset, self.counters, object, &field.name, &arguments);
        self.delay.set(self.delay.get().max(delay));
        let value = match value {
            Ok(value) => value,
            Err(missing) => {
                let message = match missing {
                    Missing::Error(message) => message,
                    Missing::Fault(message) => {
                        self.fault(message.clone());
                        message
                    }
                };
                let raised = self.error(message, path);
                return if definition.ty.is_non_null() { Err(raised) } else { Ok(Value::Null) };
            }
        };
        self.complete(&definition.ty, &value, fields, path)
    }

    /// A value as its type says: nulls where none may be go up, wrong leaves and objects are errors.
    fn complete(
        &self,
        ty: &Type,
        value: &Value,
        fields: &[&Field],
        path: &mut Vec<Value>,
    ) -> Result<Value, Propagates> {
        let completed = match (ty, value) {
            (Type::NonNullNamed(_) | Type::NonNullList(_), Value::Null) => {
                return Err(self.error("null for a field that is never null".to_owned(), path));
            }
            (_, Value::Null) => return Ok(Value::Null),
            (Type::List(item) | Type::NonNullList(item), Value::Array(values)) => {
                let items = values.iter().enumerate().map(|(index, value)| {
                    path.push(json!(index));
                    let item = self.complete(item, value, fields, path);
                    path.pop();
                    item
                });
                items.collect::<Result<Vec<_>, _>>().map(Value::Array)
            }
            (Type::List(_) | Type::NonNullList(_), _) => Err(self.error(format!("{value} is no list"), path)),
            (Type::Named(name) | Type::NonNullNamed(name), _) => self.named(name, value, fields, path),
        };
        match completed {
            Ok(Value::Null) if ty.is_non_null() => {
                Err(self.error("null for a field that is never null".to_owned(), path))
            }
            Err(Propagates) if !ty.is_non_null() => Ok(Value::Null),
            completed => completed,
        }
    }

    fn named(&self, ty: &str, value: &Value, fields: &[&Field], path: &mut Vec<Value>) -> Result<Value, Propagates> {
        match self.schema.schema.types.get(ty) {
            Some(ExtendedType::Enum(definition)) => match value.as_str() {
                Some(name) if definition.values.contains_key(name) => Ok(value.clone()),
                _ => Err(self.error(format!("{value} is no value of {ty}"), path)),
            },
            Some(ExtendedType::Scalar(_)) if is_leaf(ty, value) => Ok(value.clone()),
            Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
                let Some(object) = self.found(ty, value) else {
                    self.fault(format!("{value} is no {ty}"));
                    return Err(self.error(format!("{value} is no {ty}"), path));
                };
                self.composite(ty, object, fields, path)
            }
            _ => Err(self.error(format!("{value} is no {ty}"), path)),
        }
    }

    /// The object that a value is or refers to.
    fn found<'v>(&'v self, ty: &'v str, value: &'v Value) -> Option<Object<'v>> {
        let members = value.as_object()?;
        if let Some(reference) = members.get(REFERENCE) {
            let provided = Some(members);
            let (ty, name, members) = self.dataset.record(reference.as_str()?)?;
            return Some(Object { ty, name: Some(name), members, provided, representation: None });
        }
        let ty = members.get("__typename").and_then(Value::as_str).unwrap_or(ty);
        Some(Object { ty, name: None, members, provided: None, representation: None })
    }

    fn composite(
        &self,
        ty: &str,
        object: Object<'_>,
        fields: &[&Field],
        path: &mut Vec<Value>,
    ) -> Result<Value, Propagates> {
        if self.schema.schema.get_object(object.ty).is_none() || !self.schema.is_of(object.ty, ty) {
            return Err(self.error(format!("an object of {} where {ty} is expected", object.ty), path));
        }
        let switch = object.name.and_then(|name| self.dataset.switches.get(&format!("{}/{name}", object.ty)));
        match switch {
            Some(Switch::Error(message)) => return Err(self.error(message.clone(), path)),
            Some(Switch::Null | Switch::Absent) => return Ok(Value::Null),
            Some(slow) => self.delay.set(self.delay.get().max(slow.delay())),
            None => {}
        }
        let sets: Vec<&SelectionSet> = fields.iter().map(|field| &field.selection_set).collect();
        self.object(object, &sets, path)
    }

    fn entities(&self, fields: &[&Field], path: &mut Vec<Value>) -> Result<Value, Propagates> {
        let arguments =
            fields.first().map(|field| arguments(&self.schema.schema, &field.definition, field, &self.variables));
        let arguments = arguments.unwrap_or_default();
        let representations = arguments["representations"].as_array().map(Vec::as_slice).unwrap_or_default();
        let entities = representations.iter().enumerate().map(|(index, representation)| {
            path.push(json!(index));
            let entity = self.entity(fields, representation, path).unwrap_or_default();
            path.pop();
            entity
        });
        Ok(Value::Array(entities.collect()))
    }

    fn entity(&self, fields: &[&Field], representation: &Value, path: &mut Vec<Value>) -> Result<Value, Propagates> {
        match entities::find(self.schema, self.dataset, representation) {
            Ok(None) => Ok(Value::Null),
            Ok(Some((ty, name, members))) => {
                let representation = Some(representation);
                let object = Object { ty, name: Some(name), members, provided: None, representation };
                self.composite("_Entity", object, fields, path)
            }
            Err(fault) => {
                self.fault(fault.clone());
                Err(self.error(fault, path))
            }
        }
    }

    fn error(&self, message: String, path: &[Value]) -> Propagates {
        self.errors.borrow_mut().push(json!({ "message": message, "path": path }));
        Propagates
    }

    fn fault(&self, message: String) {
        self.faults.borrow_mut().push(message);
    }
}
