//! Random operations on every supergraph of the audit and on the benchmark's: each has a sound plan.

use std::fmt::Write;

use graphql::schema::{ExtendedType, FieldDefinition};
use graphql::{ExecutableDocument, Schema};

use super::{Failure, Loaded, audit, fixtures, load, proved, read};

/// A small generator of numbers, the same on every machine; and whether there are many aliases, which make operations with overlapping
/// fragments invalid.
pub struct Random(pub u64, pub bool);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound.max(1)
    }
}

pub fn argument(schema: &Schema, ty: &graphql::ast::Type) -> Option<String> {
    if ty.is_list() {
        return Some("[]".to_owned());
    }
    match ty.inner_named_type().as_str() {
        "Int" => Some("1".to_owned()),
        "Float" => Some("1.5".to_owned()),
        "Boolean" => Some("true".to_owned()),
        "ID" | "String" => Some("\"x\"".to_owned()),
        name => match schema.types.get(name)? {
            ExtendedType::Enum(definition) => definition.values.keys().next().map(ToString::to_string),
            ExtendedType::InputObject(input) => {
                let fields = input.fields.values().filter(|field| field.is_required());
                let fields: Option<Vec<String>> =
                    fields.map(|field| Some(format!("{}: {}", field.name, argument(schema, &field.ty)?))).collect();
                Some(format!("{{{}}}", fields?.join(", ")))
            }
            _ => None,
        },
    }
}

/// Whether the field has another type in one of the other members, so that they can't be answered under one name.
fn differs(schema: &Schema, definition: &FieldDefinition, (ty, member): (&str, &str)) -> bool {
    let others = schema.types.iter().filter(|(name, _)| *name != member && schema.is_subtype(ty, name));
    let mut others = others.filter_map(|(_, other)| other.as_object()?.fields.get(&definition.name));
    others.any(|other| other.ty != definition.ty)
}

fn field(
    schema: &Schema,
    definition: &FieldDefinition,
    of: Option<(&str, &str)>,
    random: &mut Random,
    depth: usize,
    out: &mut String,
) -> bool {
    let mut arguments = Vec::new();
    for definition in &definition.arguments {
        if definition.is_required() || (depth == 0 && random.below(3) == 0) {
            let Some(value) = argument(schema, &definition.ty) else { return false };
            arguments.push(format!("{}: {value}", definition.name));
        }
    }
    let alias = match random.below(if random.1 { 20 } else { 1_000 }) {
        0 => format!("a{}: ", random.below(4)),
        1 => "id: ".to_owned(),
        _ => match of {
            Some(of) if differs(schema, definition, of) => format!("{}{}: ", definition.name, of.1),
            _ => String::new(),
        },
    };
    let _ = write!(out, " {alias}{}", definition.name);
    if !arguments.is_empty() {
        let _ = write!(out, "({})", arguments.join(", "));
    }
    let named = definition.ty.inner_named_type();
    if schema.types.get(named).is_some_and(|ty| !ty.is_leaf()) {
        selection(schema, (named, None), random, depth + 1, out);
    }
    true
}

/// A selection on a type, which may be a member of an abstract one that is selected from around it.
fn selection(schema: &Schema, (ty, of): (&str, Option<&str>), random: &mut Random, depth: usize, out: &mut String) {
    out.push_str(" {");
    let length = out.len();
    let fields: Vec<_> = match schema.types.get(ty) {
        Some(ExtendedType::Object(object)) => object.fields.values().collect(),
        Some(ExtendedType::Interface(interface)) => interface.fields.values().collect(),
        _ => Vec::new(),
    };
    for definition in fields {
        let is_leaf = schema.types.get(definition.ty.inner_named_type()).is_some_and(ExtendedType::is_leaf);
        if (is_leaf && random.below(3) > 0) || (!is_leaf && depth < 5 && random.below(4 + depth) < 3) {
            let before = out.len();
            if !field(schema, definition, of.map(|of| (of, ty)), random, depth, out) {
                out.truncate(before);
            }
        }
    }
    if schema.types.get(ty).is_some_and(|ty| ty.is_interface() || ty.is_union()) && depth < 6 {
        for (name, _) in schema.types.iter().filter(|(name, ty_)| ty_.is_object() && schema.is_subtype(ty, name)) {
            if random.below(2) == 0 {
                let _ = write!(out, " ... on {name}");
                selection(schema, (name, Some(ty)), random, depth + 1, out);
            }
        }
    }
    if random.below(4) == 0 || out.len() == length {
        out.push_str(" __typename");
    }
    out.push_str(" }");
}

/// An operation made of a seed; it need not be valid.
pub fn operation(supergraph: &Loaded, seed: u64) -> String {
    let mut random = Random(seed.wrapping_mul(7919) + 17, seed % 2 == 1);
    let is_mutation = supergraph.mutation.is_some() && random.below(4) == 0;
    let root = if is_mutation { "Mutation" } else { "Query" };
    let mut query = if is_mutation { "mutation".to_owned() } else { String::new() };
    selection(&supergraph.api_schema, (root, None), &mut random, 0, &mut query);
    query
}

fn try_all(name: &str, supergraph: &Loaded, count: u64) -> Vec<String> {
    let (mut wrong, mut planned) = (Vec::new(), 0);
    let only: Option<u64> = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    for seed in 0..count {
        if only.is_some_and(|only| only != seed) {
            continue;
        }
        let query = operation(supergraph, seed);
        if let Err(errors) = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query.as_str(), "query") {
            if only.is_some() {
                eprintln!("{errors}");
            }
            continue;
        }
        match proved(supergraph, &query, &[]) {
            Ok(_) => planned += 1,
            Err(Failure::None(error)) => wrong.push(format!("{name} seed {seed}: {error}\n   {query}")),
            Err(Failure::Unsound(why)) => wrong.push(format!("{name} seed {seed}: {query}\n{why}")),
        }
    }
    if only.is_none() && planned * 4 < count {
        wrong.push(format!("{name}: only {planned} operations of {count} are valid"));
    }
    wrong
}

#[test]
fn plans_random_operations() {
    let count = std::env::var("COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(25);
    let only = std::env::var("SUITE").ok();
    let mut wrong = Vec::new();
    for (name, supergraph) in audit::suites() {
        // These two are made so that parts of them can't be resolved.
        if matches!(name.as_str(), "corrupted-supergraph-node-id" | "non-resolvable-interface-object") {
            continue;
        }
        if only.as_ref().is_none_or(|only| *only == name) {
            wrong.extend(try_all(&name, &supergraph, count));
        }
    }
    for (name, folder) in [("bench", fixtures().join("bench")), ("shop", fixtures().join("../../schema"))] {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let supergraph = load(&read(&folder.join("supergraph.graphql")));
        wrong.extend(try_all(name, &supergraph, count));
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
