//! What composition proves, planning finds: in every supergraph of composition's own cases, each field of each object
//! has a plan, on several paths to the object.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use graphql::Schema;
use graphql::schema::{ExtendedType, FieldDefinition};

use super::random::argument;
use super::{load, plan, read};

/// Paths by which one object is asked. The proof holds for all; the first ones by length differ most.
const PATHS_MAX: usize = 2;

/// A field as it is called, with its required arguments; none if there is no value to give.
fn call(schema: &Schema, field: &FieldDefinition) -> Option<String> {
    let required = field.arguments.iter().filter(|argument| argument.is_required());
    let given: Option<Vec<String>> =
        required.map(|wanted| Some(format!("{}: {}", wanted.name, argument(schema, &wanted.ty)?))).collect();
    let given = given?;
    Some(if given.is_empty() { field.name.to_string() } else { format!("{}({})", field.name, given.join(", ")) })
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

/// Every query that asks for one field; each object by a few paths.
fn queries(schema: &Schema) -> Vec<String> {
    let mut queries = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let roots = [("query", &schema.schema_definition.query), ("mutation", &schema.schema_definition.mutation)];
    let root = |(operation, root): (&str, &Option<graphql::schema::ComponentName>)| {
        root.as_ref().map(|root| (vec![operation.to_owned()], root.name.to_string()))
    };
    let mut open: VecDeque<(Vec<String>, String)> = roots.into_iter().filter_map(root).collect();
    while let Some((path, object)) = open.pop_front() {
        let visits = seen.entry(object.clone()).or_default();
        *visits += 1;
        let Some(ExtendedType::Object(definition)) = schema.types.get(object.as_str()) else { continue };
        if *visits > PATHS_MAX {
            continue;
        }
        for field in definition.fields.values() {
            let Some(call) = call(schema, field) else { continue };
            let below = objects(schema, field.ty.inner_named_type());
            let leaf = if below.is_empty() && !schema.types[field.ty.inner_named_type()].is_leaf() {
                continue; // An interface that nothing implements.
            } else if below.is_empty() {
                call.clone()
            } else {
                format!("{call} {{ __typename }}")
            };
            queries.push(format!("{} {{ {leaf}{}", path.join(" { "), " }".repeat(path.len())));
            for object in below {
                let mut path = path.clone();
                path.extend([call.clone(), format!("... on {object}")]);
                open.push_back((path, object));
            }
        }
    }
    queries
}

#[test]
fn every_field_of_composed_supergraphs_has_a_plan() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../composition/tests/cases");
    let mut folders: Vec<_> = std::fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let (mut supergraphs, mut planned) = (0, 0);
    let mut failed = Vec::new();
    for folder in folders.iter().filter(|folder| folder.join("expected.graphql").exists()) {
        let supergraph = load(&read(&folder.join("expected.graphql")));
        supergraphs += 1;
        for query in queries(&supergraph.api_schema) {
            match plan(&supergraph, &query) {
                Ok(_) => planned += 1,
                Err(error) => failed.push(format!("{}: {query}: {error}", folder.display())),
            }
        }
    }
    assert!(failed.is_empty(), "{} of {planned} planned:\n{}", failed.len(), failed.join("\n"));
    assert!(supergraphs > 100 && planned > 1_000, "{supergraphs} {planned}");
}
