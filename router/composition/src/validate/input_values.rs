//! `INVALID_GRAPHQL`: a default value must be one of its type, and what must be given can't be deprecated. Both are
//! rules of GraphQL that its schema validation here leaves open.

use federation::subgraph::Composite;
use graphql::ast::{InputValueDefinition, Type, Value};
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Node, Schema};

use super::Subject;
use super::one_of::ONE_OF;
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    let schema = &subject.subgraph.schema;
    let mut one = |place: String, input: &Node<InputValueDefinition>| {
        if input.is_required() && input.directives.has("deprecated") {
            let message = format!("Required {place} cannot be deprecated");
            errors.push(
                report::within(subject.subgraph, "INVALID_GRAPHQL", input.location(), message)
                    .help("Make it nullable or give it a default value first."),
            );
        }
        let Some(default) = &input.default_value else { return };
        if !fits(schema, &input.ty, default) {
            let value = default.serialize().no_indent().to_string();
            let message = format!("Invalid default value {value} for {place} of type \"{}\"", input.ty);
            errors.push(
                report::within(subject.subgraph, "INVALID_GRAPHQL", default.location(), message)
                    .help("Write a value of that type."),
            );
        }
    };
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        if let Some(composite) = Composite::of(ty) {
            for field in composite.fields.values() {
                for argument in &field.arguments {
                    let place = format!("argument \"{}.{}({}:)\"", composite.name, field.name, argument.name);
                    one(place, argument);
                }
            }
        }
        if let ExtendedType::InputObject(ty) = ty {
            ty.fields.values().for_each(|field| one(format!("input field \"{}.{}\"", ty.name, field.name), field));
        }
    }
    for definition in schema.directive_definitions.values().filter(|definition| !definition.is_built_in()) {
        for argument in &definition.arguments {
            one(format!("argument \"@{}({}:)\"", definition.name, argument.name), argument);
        }
    }
}

/// Whether a constant is a value of a type. Types that are not known here take anything: they have a finding of their
/// own. Nests no deeper than the parser allows.
fn fits(schema: &Schema, ty: &Type, value: &Value) -> bool {
    if matches!(value, Value::Null) {
        return !ty.is_non_null();
    }
    match (ty, value) {
        (Type::List(item) | Type::NonNullList(item), Value::List(items)) => {
            items.iter().all(|value| fits(schema, item, value))
        }
        (Type::List(item) | Type::NonNullList(item), value) => fits(schema, item, value),
        (Type::Named(name) | Type::NonNullNamed(name), value) => match (name.as_str(), schema.types.get(name)) {
            ("Int", _) => value.to_i32().is_some(),
            ("Float", _) => matches!(value, Value::Int(_) | Value::Float(_)),
            ("String", _) => matches!(value, Value::String(_)),
            ("ID", _) => matches!(value, Value::String(_) | Value::Int(_)),
            ("Boolean", _) => matches!(value, Value::Boolean(_)),
            (_, Some(ExtendedType::Enum(ty))) => value.as_enum().is_some_and(|name| ty.values.contains_key(name)),
            (_, Some(ExtendedType::InputObject(ty))) => value.as_object().is_some_and(|members| {
                let known = members
                    .iter()
                    .all(|(name, value)| ty.fields.get(name).is_some_and(|field| fits(schema, &field.ty, value)));
                let given = |name: &graphql::Name| members.iter().any(|(member, _)| member == name);
                let one = !ty.directives.has(ONE_OF)
                    || members.len() == 1 && members.iter().all(|(_, value)| !value.is_null());
                known && one && ty.fields.values().all(|field| !field.is_required() || given(&field.name))
            }),
            _ => true,
        },
    }
}
