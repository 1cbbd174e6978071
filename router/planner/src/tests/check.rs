//! A light check that a plan is sound: every document is valid for its subgraph, every member of a representation
//! and every value of the response has a producer, and producers come first.

use std::collections::HashSet;

use federation::Supergraph;
use graphql::{ExecutableDocument, Schema, Valid};

use crate::QueryPlan;
use crate::plan::{FetchKind, KeyId, RepresentationMember, Selection, Shape, Source, Target};

/// The schema of a subgraph with what federation adds to it. Its own directives stay undefined.
pub fn subgraph_schema(sdl: &str) -> Valid<Schema> {
    let parse = |text: &str| {
        let builder = Schema::builder().adopt_orphan_extensions().parse(text, "subgraph.graphql");
        match builder.build() {
            Ok(schema) => schema,
            Err(with_errors) => with_errors.partial,
        }
    };
    let schema = parse(sdl);
    let entities: Vec<String> = schema
        .types
        .iter()
        .filter(|(_, ty)| ty.is_object() && ty.directives().iter().any(|directive| directive.name.ends_with("key")))
        .map(|(name, _)| name.to_string())
        .collect();
    let mut text = sdl.to_owned();
    let query = schema.schema_definition.query.as_ref().map(|name| name.to_string());
    let query = query.unwrap_or_else(|| "Query".to_owned());
    if !entities.is_empty() {
        text.push_str(&format!(
            "\nscalar _Any\nunion _Entity = {}\nextend type {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}\n",
            entities.join(" | ")
        ));
    }
    Valid::assume_valid(parse(&text))
}

/// What is wrong with a plan, by the subgraphs' schemas in the supergraph's order.
pub fn faults(plan: &QueryPlan, supergraph: &Supergraph, schemas: &[Valid<Schema>]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut known: HashSet<KeyId> = HashSet::new();
    for (index, fetch) in plan.fetches.iter().enumerate() {
        let schema = &schemas[usize::from(fetch.subgraph.0)];
        if let Err(errors) = ExecutableDocument::parse_and_validate(schema, &fetch.document, "fetch.graphql") {
            let name = &supergraph.subgraph(fetch.subgraph).name;
            faults.push(format!("#{index} to {name}: {}\n{}", fetch.document, errors.errors));
        }
        for after in &fetch.after {
            if after.0 as usize >= index {
                faults.push(format!("#{index} comes before #{} that it waits for", after.0));
            }
        }
        if let FetchKind::Entities(entities) = &fetch.kind {
            if entities.paths.is_empty() || entities.representations.is_empty() || fetch.after.is_empty() {
                faults.push(format!("#{index} asks for no entities"));
            }
            for representation in &entities.representations {
                members(&representation.members, &known, index, &mut faults);
            }
        }
        outputs(&fetch.output, &mut known);
    }
    shape(plan, &plan.response, &known, &mut faults);
    faults
}

fn members(list: &[RepresentationMember], known: &HashSet<KeyId>, index: usize, faults: &mut Vec<String>) {
    for member in list {
        if member.source.is_some_and(|key| !known.contains(&key)) {
            faults.push(format!("#{index} sends {} before it is known", member.name));
        }
        for selection in &member.selection {
            members(&selection.members, known, index, faults);
        }
    }
}

fn outputs(selection: &Selection, known: &mut HashSet<KeyId>) {
    let mut names = HashSet::new();
    for field in &selection.fields {
        assert!(names.insert(&field.response_key), "{} stands twice", field.response_key);
        if let Target::Key(key) = field.target {
            known.insert(key);
        }
        if let Some(below) = &field.selection {
            outputs(below, known);
        }
    }
}

fn shape(plan: &QueryPlan, shape_: &Shape, known: &HashSet<KeyId>, faults: &mut Vec<String>) {
    // Where there are several variants, some may be of types that the subgraph asked never gives.
    let is_sure = shape_.variants.len() == 1;
    for field in shape_.variants.iter().flat_map(|variant| &variant.fields) {
        if is_sure
            && let Source::Data(key) = field.source
            && !known.contains(&key)
        {
            faults.push(format!("nothing gives {}", plan.keys[key.0 as usize]));
        }
        if let Some(below) = &field.selection {
            shape(plan, below, known, faults);
        }
    }
}
