//! Variables and arguments of a subgraph operation as JSON, coerced as the specification says: defaults are put in, those
//! within input objects included, single items stand for lists, and integers are ids.

use graphql::Schema;
use graphql::ast::{DirectiveList, FieldDefinition, InputValueDefinition, Type, Value as Literal};
use graphql::executable::{Field, Operation};
use graphql::schema::{ExtendedType, InputObjectType};
use serde_json::{Map, Value};

/// The variables of a request.
pub fn variables(schema: &Schema, operation: &Operation, given: &Value) -> Map<String, Value> {
    let mut variables = Map::new();
    for definition in &operation.variables {
        let value = given.get(definition.name.as_str()).map(|value| coerced(schema, &definition.ty, value));
        let default = || literal(schema, &definition.ty, definition.default_value.as_deref()?, &Map::new());
        if let Some(value) = value.or_else(default) {
            variables.insert(definition.name.to_string(), value);
        }
    }
    variables
}

/// The arguments of a field.
pub fn arguments(
    schema: &Schema,
    definition: &FieldDefinition,
    field: &Field,
    variables: &Map<String, Value>,
) -> Value {
    let mut arguments = Map::new();
    for argument in &definition.arguments {
        let given = field.arguments.iter().find(|given| given.name == argument.name);
        let given = given.and_then(|given| literal(schema, &argument.ty, &given.value, variables));
        if let Some(value) = given.or_else(|| default(schema, argument)) {
            arguments.insert(argument.name.to_string(), value);
        }
    }
    Value::Object(arguments)
}

/// Whether `@skip` and `@include` let a selection stand.
pub fn is_included(directives: &DirectiveList, variables: &Map<String, Value>) -> bool {
    let condition = |name: &str| match &**directives.get(name)?.specified_argument_by_name("if")? {
        Literal::Variable(name) => variables.get(name.as_str())?.as_bool(),
        literal => literal.to_bool(),
    };
    condition("include").unwrap_or(true) && !condition("skip").unwrap_or(false)
}

fn default(schema: &Schema, definition: &InputValueDefinition) -> Option<Value> {
    literal(schema, &definition.ty, definition.default_value.as_deref()?, &Map::new())
}

fn input_object<'s>(schema: &'s Schema, ty: &Type) -> Option<&'s InputObjectType> {
    match schema.types.get(ty.inner_named_type())? {
        ExtendedType::InputObject(input) => Some(input),
        _ => None,
    }
}

/// A literal of a type; `None` for a variable that isn't given.
fn literal(schema: &Schema, ty: &Type, given: &Literal, variables: &Map<String, Value>) -> Option<Value> {
    Some(match given {
        Literal::Variable(name) => return variables.get(name.as_str()).cloned(),
        Literal::Null => Value::Null,
        Literal::List(items) if ty.is_list() => {
            let item = |item| literal(schema, ty.item_type(), item, variables).unwrap_or_default();
            items.iter().map(|given| item(given)).collect()
        }
        single if ty.is_list() => Value::Array(vec![literal(schema, ty.item_type(), single, variables)?]),
        Literal::Object(members) => match input_object(schema, ty) {
            Some(input) => input_fields(schema, input, |field| {
                let (_, given) = members.iter().find(|(name, _)| *name == field.name)?;
                literal(schema, &field.ty, given, variables)
            }),
            None => untyped(given, variables)?,
        },
        other => coerced(schema, ty, &untyped(other, variables)?),
    })
}

/// A variable's value, or a part of it.
fn coerced(schema: &Schema, ty: &Type, given: &Value) -> Value {
    match given {
        Value::Null => Value::Null,
        Value::Array(items) if ty.is_list() => items.iter().map(|item| coerced(schema, ty.item_type(), item)).collect(),
        single if ty.is_list() => Value::Array(vec![coerced(schema, ty.item_type(), single)]),
        Value::Number(number) if ty.inner_named_type() == "ID" => Value::String(number.to_string()),
        Value::Object(members) => match input_object(schema, ty) {
            Some(input) => {
                input_fields(schema, input, |field| Some(coerced(schema, &field.ty, members.get(field.name.as_str())?)))
            }
            None => given.clone(),
        },
        leaf => leaf.clone(),
    }
}

fn input_fields(
    schema: &Schema,
    input: &InputObjectType,
    given: impl Fn(&InputValueDefinition) -> Option<Value>,
) -> Value {
    let fields = input.fields.values();
    let fields = fields.filter_map(|field| {
        let value = given(field).or_else(|| default(schema, field))?;
        Some((field.name.to_string(), value))
    });
    Value::Object(fields.collect())
}

/// What a custom scalar makes of a literal.
fn untyped(literal: &Literal, variables: &Map<String, Value>) -> Option<Value> {
    Some(match literal {
        Literal::Null => Value::Null,
        Literal::Enum(name) => Value::from(name.as_str()),
        Literal::Variable(name) => return variables.get(name.as_str()).cloned(),
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Float(number) => serde_json::from_str(number.as_str()).ok()?,
        Literal::Int(number) => serde_json::from_str(number.as_str()).ok()?,
        Literal::Boolean(value) => Value::from(*value),
        Literal::List(items) => items.iter().filter_map(|item| untyped(item, variables)).collect(),
        Literal::Object(members) => {
            members.iter().filter_map(|(name, value)| Some((name.to_string(), untyped(value, variables)?))).collect()
        }
    })
}
