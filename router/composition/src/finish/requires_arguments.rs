//! `REQUIRES_INVALID_FIELDS` after merging: a `@requires` set must fit the arguments that the supergraph has, which may
//! be fewer, or more demanding, than the subgraph's own; and its values those that the subgraphs take which are asked.

use federation::subgraph::{Composite, Subgraph, Validated};
use federation::vocabulary::REQUIRES;
use graphql::ast::{Argument, Field, Selection};
use graphql::{Diagnostic, Name, Schema};

use crate::{constants, report};

/// Checks the arguments in every `@requires`.
pub(super) fn check(schema: &Schema, subgraphs: &[Subgraph<Validated>]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for subgraph in subgraphs {
        for (ty, facts) in &subgraph.stage.types {
            for (field, field_facts) in &facts.fields {
                let Some(set) = &field_facts.requires else { continue };
                let mut required = Required { schema, subgraphs, problems: Vec::new() };
                required.walk(ty, set);
                let definition =
                    subgraph.schema.types.get(ty).and_then(Composite::of).and_then(|ty| ty.fields.get(field));
                let location = definition.and_then(|field| field.directives.get(REQUIRES)).and_then(|d| d.location());
                errors.extend(required.problems.into_iter().map(|problem| {
                    let message = format!("On field \"{ty}.{field}\", for @requires: {problem}");
                    report::within(subgraph, "REQUIRES_INVALID_FIELDS", location, message)
                        .help("Ask for what every subgraph with the field takes, or let them take the same.")
                }));
            }
        }
    }
    errors
}

/// A set under examination.
struct Required<'a> {
    schema: &'a Schema,
    subgraphs: &'a [Subgraph<Validated>],
    problems: Vec<String>,
}

impl Required<'_> {
    /// Looks at selections, which nest no deeper than their parser allows.
    fn walk(&mut self, parent: &Name, set: &[Selection]) {
        for selection in set {
            match selection {
                Selection::Field(field) => {
                    let Ok(definition) = self.schema.type_field(parent, &field.name) else { continue };
                    self.arguments(parent, field);
                    self.walk(definition.ty.inner_named_type(), &field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.walk(fragment.type_condition.as_ref().unwrap_or(parent), &fragment.selection_set);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn arguments(&mut self, parent: &Name, field: &Field) {
        let Ok(definition) = self.schema.type_field(parent, &field.name) else { return };
        let coordinate = format!("{parent}.{}", field.name);
        for argument in &field.arguments {
            let name = &argument.name;
            let problem = match definition.argument_by_name(name) {
                None => Some(format!(
                    "cannot provide a value for argument \"{name}\" of field \"{coordinate}\" as the supergraph does not have it"
                )),
                Some(known) => constants::misfit(self.schema, &known.ty, &argument.value)
                    .map(|why| (why, "in the supergraph".to_owned()))
                    .or_else(|| self.misfit_of_owner(parent, field, argument))
                    .map(|(why, place)| {
                        let why = why.replace('`', "\"");
                        format!(
                            "the value of argument \"{name}\" of field \"{coordinate}\" does not fit: {place}, {why}"
                        )
                    }),
            };
            self.problems.extend(problem);
        }
        for argument in definition.arguments.iter().filter(|argument| argument.is_required()) {
            if !field.arguments.iter().any(|given| given.name == argument.name) {
                self.problems.push(format!("no value provided for argument \"{}\" of field \"{coordinate}\" but a value is mandatory in the supergraph", argument.name));
            }
        }
    }

    /// Why some subgraph that resolves the field does not take the value, and which. What is hidden in one subgraph stands
    /// in the supergraph though others lack it.
    fn misfit_of_owner(&self, parent: &Name, field: &Field, argument: &Argument) -> Option<(String, String)> {
        self.subgraphs.iter().find_map(|subgraph| {
            let external = subgraph.field_facts(parent, &field.name)?.external;
            let definition = subgraph.schema.type_field(parent, &field.name).ok().filter(|_| !external)?;
            let known = definition.argument_by_name(&argument.name)?;
            let why = constants::misfit(&subgraph.schema, &known.ty, &argument.value)?;
            Some((why, format!("in subgraph \"{}\"", subgraph.name)))
        })
    }
}
