//! Queries: one for each field of each object of an API, and the one that a finding shows.

use std::collections::{BTreeMap, VecDeque};

use graphql::ast::Type;
use graphql::schema::{ExtendedType, FieldDefinition};
use graphql::{Diagnostic, Schema};

/// Paths by which one object is asked: the proof holds for all.
const PATHS_MAX: usize = 3;

/// The query of a finding of the proof, so far as one shows it: a selection left open asks for `__typename`. What no
/// single subgraph leads to below a shared mutation, no single field shows.
pub(super) fn of_finding(finding: &Diagnostic) -> Option<String> {
    let (_, rest) = finding.message.split_once("can't answer this query:\n")?;
    let query: Vec<&str> =
        rest.lines().take_while(|line| !line.starts_with('-') && !line.starts_with("Only")).collect();
    let shown = finding.code == "SATISFIABILITY_ERROR" && !finding.message.contains("Only one of the subgraphs");
    let closed = |query: String| query.replace("...\n", "__typename\n").replace("{ ... }", "{ __typename }");
    shown.then(|| closed(query.join("\n")))
}

/// A query for each field of each object, on the shortest paths to it.
pub(super) fn of_every_field(schema: &Schema) -> Vec<String> {
    let mut queries = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let definition = &schema.schema_definition;
    let roots = [("query", &definition.query), ("mutation", &definition.mutation)];
    let mut open: VecDeque<(Vec<String>, String)> = roots
        .into_iter()
        .filter_map(|(operation, root)| Some((vec![operation.to_owned()], root.as_ref()?.name.to_string())))
        .collect();
    while let Some((path, object)) = open.pop_front() {
        let visits = seen.entry(object.clone()).or_default();
        *visits += 1;
        let Some(ExtendedType::Object(definition)) = schema.types.get(object.as_str()) else { continue };
        if *visits > PATHS_MAX {
            continue;
        }
        for field in definition.fields.values() {
            let (call, named) = (call(schema, field), field.ty.inner_named_type());
            let below = objects(schema, named);
            if below.is_empty() && !schema.types[named].is_leaf() {
                continue; // An interface that nothing implements.
            }
            let leaf = if below.is_empty() { call.clone() } else { format!("{call} {{ __typename }}") };
            queries.push(format!("{} {{ {leaf}{}", path.join(" { "), " }".repeat(path.len())));
            for object in below {
                let path = path.iter().cloned().chain([call.clone(), format!("... on {object}")]);
                open.push_back((path.collect(), object));
            }
        }
    }
    queries
}

/// The objects that a value of a type may be.
fn objects(schema: &Schema, ty: &str) -> Vec<String> {
    match schema.types.get(ty) {
        Some(ExtendedType::Object(_)) => vec![ty.to_owned()],
        Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.name.to_string()).collect(),
        Some(ExtendedType::Interface(_)) => {
            let all = schema.types.values().filter_map(ExtendedType::as_object);
            let implementing = all.filter(|object| object.implements_interfaces.iter().any(|known| known.name == ty));
            implementing.map(|object| object.name.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// A field with a value for each argument that it can't do without.
fn call(schema: &Schema, field: &FieldDefinition) -> String {
    let required = field.arguments.iter().filter(|argument| argument.is_required());
    let given: Vec<String> =
        required.map(|argument| format!("{}: {}", argument.name, value(schema, &argument.ty))).collect();
    if given.is_empty() { field.name.to_string() } else { format!("{}({})", field.name, given.join(", ")) }
}

/// A value of an input type. Required fields of inputs can't go round in circles.
fn value(schema: &Schema, ty: &Type) -> String {
    if ty.is_list() {
        return "[]".to_owned();
    }
    let name = ty.inner_named_type();
    match (name.as_str(), schema.types.get(name)) {
        ("Int" | "Float", _) => "0".to_owned(),
        ("Boolean", _) => "false".to_owned(),
        (_, Some(ExtendedType::Enum(ty))) => ty.values.keys().next().map(ToString::to_string).unwrap_or_default(),
        (_, Some(ExtendedType::InputObject(input))) => {
            let required = input.fields.values().filter(|field| field.is_required());
            let members = required.map(|field| format!("{}: {}", field.name, value(schema, &field.ty)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        _ => "\"?\"".to_owned(),
    }
}
