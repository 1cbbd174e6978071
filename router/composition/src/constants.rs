//! Whether a constant, such as a default value, is one of a type: GraphQL's rule for values, which its schema validation
//! here leaves open. Asked of a subgraph about its own constants, and of the merged schema about everybody's.

use graphql::ast::{Type, Value};
use graphql::schema::{ExtendedType, InputObjectType};
use graphql::{Name, Schema};

/// Exactly one field of an input with this directive is given, and not null.
pub(crate) const ONE_OF: &str = "oneOf";

/// Why a constant is no value of a type, in words that name elements of the schema between backticks; `None` if it is
/// one. Types that are not known here take anything: they have a finding of their own. Nests no deeper than the
/// parser allows.
pub(crate) fn misfit(schema: &Schema, ty: &Type, value: &Value) -> Option<String> {
    if value.is_null() {
        return ty.is_non_null().then(|| format!("null is no value of type \"{ty}\""));
    }
    match (ty, value) {
        (Type::List(item) | Type::NonNullList(item), Value::List(items)) => {
            items.iter().find_map(|value| misfit(schema, item, value))
        }
        (Type::List(item) | Type::NonNullList(item), value) => misfit(schema, item, value),
        (Type::Named(name) | Type::NonNullNamed(name), value) => {
            let is_one = match (name.as_str(), schema.types.get(name)) {
                ("Int", _) => value.to_i32().is_some(),
                ("Float", _) => matches!(value, Value::Int(_) | Value::Float(_)),
                ("String", _) => matches!(value, Value::String(_)),
                ("ID", _) => matches!(value, Value::String(_) | Value::Int(_)),
                ("Boolean", _) => matches!(value, Value::Boolean(_)),
                (_, Some(ExtendedType::Enum(ty))) => match value.as_enum() {
                    Some(value) if !ty.values.contains_key(value) => {
                        return Some(format!("enum `{name}` has no value `{name}.{value}`"));
                    }
                    given => given.is_some(),
                },
                (_, Some(ExtendedType::InputObject(input))) => match value.as_object() {
                    Some(members) => return misfit_of_members(schema, input, members),
                    None => false,
                },
                _ => true,
            };
            (!is_one).then(|| format!("{} is no value of `{name}`", value.serialize().no_indent()))
        }
    }
}

fn misfit_of_members(
    schema: &Schema,
    input: &InputObjectType,
    members: &[(Name, graphql::Node<Value>)],
) -> Option<String> {
    let name = &input.name;
    let of_one = |(member, value): &(Name, graphql::Node<Value>)| match input.fields.get(member) {
        None => Some(format!("input `{name}` has no field `{name}.{member}`")),
        Some(field) => misfit(schema, &field.ty, value).map(|why| format!("in `{name}.{member}`, {why}")),
    };
    let lacking =
        || input.fields.values().find(|field| field.is_required() && !members.iter().any(|(m, _)| *m == field.name));
    let one = members.len() == 1 && members.iter().all(|(_, value)| !value.is_null());
    members
        .iter()
        .find_map(of_one)
        .or_else(|| lacking().map(|field| format!("input `{name}` needs its field `{name}.{}`", field.name)))
        .or_else(|| (input.directives.has(ONE_OF) && !one).then(|| format!("input `{name}` takes exactly one field")))
}
