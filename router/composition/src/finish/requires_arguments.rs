//! `REQUIRES_INVALID_FIELDS` after merging: a `@requires` set must fit the arguments that the supergraph has, which may
//! be fewer, or more demanding, than the subgraph's own.

use federation::subgraph::{Composite, Subgraph, Validated};
use federation::vocabulary::REQUIRES;
use graphql::ast::Selection;
use graphql::{Diagnostic, Name, Schema};

use crate::report;

/// Checks the arguments in every `@requires`.
pub(super) fn check(schema: &Schema, subgraphs: &[Subgraph<Validated>]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for subgraph in subgraphs {
        for (ty, facts) in &subgraph.stage.types {
            for (field, field_facts) in &facts.fields {
                let Some(set) = &field_facts.requires else { continue };
                let mut problems = Vec::new();
                walk(schema, ty, set, &mut problems);
                let definition =
                    subgraph.schema.types.get(ty).and_then(Composite::of).and_then(|ty| ty.fields.get(field));
                let location = definition.and_then(|field| field.directives.get(REQUIRES)).and_then(|d| d.location());
                errors.extend(problems.into_iter().map(|problem| {
                    let message = format!("On field \"{ty}.{field}\", for @requires: {problem}");
                    report::within(subgraph, "REQUIRES_INVALID_FIELDS", location, message)
                }));
            }
        }
    }
    errors
}

fn walk(schema: &Schema, parent: &Name, set: &[Selection], problems: &mut Vec<String>) {
    for selection in set {
        match selection {
            Selection::Field(field) => {
                let Ok(definition) = schema.type_field(parent, &field.name) else { continue };
                let coordinate = format!("{parent}.{}", field.name);
                for argument in &field.arguments {
                    if definition.argument_by_name(&argument.name).is_none() {
                        problems.push(format!("cannot provide a value for argument \"{}\" of field \"{coordinate}\" as the supergraph does not have it", argument.name));
                    }
                }
                for argument in definition.arguments.iter().filter(|argument| argument.is_required()) {
                    if !field.arguments.iter().any(|given| given.name == argument.name) {
                        problems.push(format!("no value provided for argument \"{}\" of field \"{coordinate}\" but a value is mandatory in the supergraph", argument.name));
                    }
                }
                walk(schema, definition.ty.inner_named_type(), &field.selection_set, problems);
            }
            Selection::InlineFragment(fragment) => {
                walk(schema, fragment.type_condition.as_ref().unwrap_or(parent), &fragment.selection_set, problems);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}
