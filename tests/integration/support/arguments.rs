//! Variables and arguments of a subgraph operation as JSON, with their defaults.

use graphql::Schema;
use graphql::ast::{DirectiveList, FieldDefinition, Type, Value as Literal};
use graphql::executable::{Field, Operation};
use graphql::schema::ExtendedType;
use serde_json::{Map, Value};

/// The variables of a request, those that are left out by their defaults.
pub fn variables(schema: &Schema, operation: &Operation, given: &Value) -> Map<String, Value> {
    let mut variables = Map::new();
    for definition in &operation.variables {
        let value = given.get(definition.name.as_str()).cloned();
        let default = || definition.default_value.as_ref().and_then(|literal| json(literal, &Map::new()));
        if let Some(value) = value.or_else(default) {
            variables.insert(definition.name.to_string(), coerced(schema, &definition.ty, value));
        }
    }
    variables
}

/// The arguments of a field, those that are left out by their defaults.
pub fn arguments(
    schema: &Schema,
    definition: &FieldDefinition,
    field: &Field,
    variables: &Map<String, Value>,
) -> Value {
    let mut arguments = Map::new();
    for argument in &definition.arguments {
        let given = field.arguments.iter().find(|given| given.name == argument.name);
        let given = given.and_then(|given| json(&given.value, variables));
        let default = || argument.default_value.as_ref().and_then(|literal| json(literal, variables));
        if let Some(value) = given.or_else(default) {
            arguments.insert(argument.name.to_string(), coerced(schema, &argument.ty, value));
        }
    }
    Value::Object(arguments)
}

/// A value with the defaults of input fields that are left out, and a single one as a list where one is due.
fn coerced(schema: &Schema, ty: &Type, value: Value) -> Value {
    match (ty, value) {
        (_, Value::Null) => Value::Null,
        (Type::List(item) | Type::NonNullList(item), Value::Array(items)) => {
            items.into_iter().map(|value| coerced(schema, item, value)).collect()
        }
        (Type::List(item) | Type::NonNullList(item), value) => Value::Array(vec![coerced(schema, item, value)]),
        (Type::Named(name) | Type::NonNullNamed(name), Value::Object(mut members)) => {
            let Some(ExtendedType::InputObject(input)) = schema.types.get(name) else { return Value::Object(members) };
            let mut made = Map::new();
            for (name, field) in &input.fields {
                let default = || field.default_value.as_ref().and_then(|literal| json(literal, &Map::new()));
                if let Some(value) = members.remove(name.as_str()).or_else(default) {
                    made.insert(name.to_string(), coerced(schema, &field.ty, value));
                }
            }
            made.extend(members);
            Value::Object(made)
        }
        (_, value) => value,
    }
}

/// Whether `@skip` and `@include` let a selection stand.
pub fn is_included(directives: &DirectiveList, variables: &Map<String, Value>) -> bool {
    let condition = |name: &str| {
        let literal = directives.get(name)?.specified_argument_by_name("if")?;
        json(literal, variables)?.as_bool()
    };
    condition("include").unwrap_or(true) && !condition("skip").unwrap_or(false)
}

/// A literal as JSON; `None` for a variable that isn't given.
fn json(literal: &Literal, variables: &Map<String, Value>) -> Option<Value> {
    Some(match literal {
        Literal::Null => Value::Null,
        Literal::Enum(name) => Value::from(name.as_str()),
        Literal::Variable(name) => return variables.get(name.as_str()).cloned(),
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Float(number) => serde_json::from_str(number.as_str()).ok()?,
        Literal::Int(number) => serde_json::from_str(number.as_str()).ok()?,
        Literal::Boolean(value) => Value::from(*value),
        Literal::List(items) => items.iter().map(|item| json(item, variables).unwrap_or_default()).collect(),
        Literal::Object(members) => {
            members.iter().filter_map(|(name, value)| Some((name.to_string(), json(value, variables)?))).collect()
        }
    })
}
