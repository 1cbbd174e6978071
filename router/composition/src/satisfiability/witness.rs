//! Writes the shortest query that shows a failure.

use federation::{FieldId, Supergraph, TypeId};
use graphql::Schema;
use graphql::ast::Type;
use graphql::schema::ExtendedType;

use super::walk::Step;

/// How deeply made-up input objects nest. Required fields can't go round in circles.
const VALUE_DEPTH_MAX: usize = 20;

/// The query along a path; `last` is the field that fails at its end, or none where the object itself does.
pub(super) fn query(api: &Schema, supergraph: &Supergraph, path: &[Step], last: Option<FieldId>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let root = path.first().map(|step| step.object);
    let operation = match root {
        Some(root) if Some(root) == supergraph.mutation => "mutation {",
        Some(root) if Some(root) == supergraph.subscription => "subscription {",
        _ => "{",
    };
    lines.push(operation.to_owned());
    for step in path {
        let Some(field) = step.field else { continue };
        lines.push(format!("{} {{", call(api, supergraph, field)));
        if supergraph.field(field).ty.named() != step.object {
            lines.push(format!("... on {} {{", supergraph.ty(step.object).name));
        }
    }
    let depth = lines.len();
    lines.push(match last {
        Some(field) if supergraph.ty(supergraph.field(field).ty.named()).is_composite() => {
            format!("{} {{ ... }}", call(api, supergraph, field))
        }
        Some(field) => call(api, supergraph, field),
        None => "...".to_owned(),
    });
    lines.extend(std::iter::repeat_n("}".to_owned(), depth));
    let indented = lines.iter().enumerate().map(|(index, line)| {
        let level = if index <= depth { index } else { 2 * depth - index };
        format!("{}{line}", "  ".repeat(level))
    });
    indented.collect::<Vec<_>>().join("\n")
}

/// A field with a made-up value for each argument that it can't do without.
fn call(api: &Schema, supergraph: &Supergraph, field: FieldId) -> String {
    let field = supergraph.field(field);
    let parent: TypeId = field.parent;
    let definition = api.type_field(&supergraph.ty(parent).name, &field.name);
    let arguments = definition.map(|definition| definition.arguments.as_slice()).unwrap_or_default();
    let required = arguments.iter().filter(|argument| argument.is_required());
    let given: Vec<String> =
        required.map(|argument| format!("{}: {}", argument.name, value(api, &argument.ty, 0))).collect();
    if given.is_empty() { field.name.to_string() } else { format!("{}({})", field.name, given.join(", ")) }
}

fn value(api: &Schema, ty: &Type, depth: usize) -> String {
    if ty.is_list() || depth > VALUE_DEPTH_MAX {
        return "[]".to_owned();
    }
    let name = ty.inner_named_type();
    match (name.as_str(), api.types.get(name)) {
        ("Int", _) => "0".to_owned(),
        ("Float", _) => "0.0".to_owned(),
        ("Boolean", _) => "false".to_owned(),
        (_, Some(ExtendedType::Enum(ty))) => ty.values.keys().next().map(ToString::to_string).unwrap_or_default(),
        (_, Some(ExtendedType::InputObject(input))) => {
            let required = input.fields.values().filter(|field| field.is_required());
            let members: Vec<String> =
                required.map(|field| format!("{}: {}", field.name, value(api, &field.ty, depth + 1))).collect();
            format!("{{{}}}", members.join(", "))
        }
        _ => "\"?\"".to_owned(),
    }
}
