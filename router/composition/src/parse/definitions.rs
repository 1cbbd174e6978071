//! `DIRECTIVE_DEFINITION_INVALID`, `TYPE_DEFINITION_INVALID`: an author may spell out what federation defines, but
//! not differently.

use federation::subgraph::{Generation, Subgraph};
use federation::vocabulary::{DEFINITIONS, TYPES};
use graphql::ast::{Definition, DirectiveDefinition, Document, Type};
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Node};

use super::canonical::KnownDirectives;
use crate::report;

/// Checks the author's own definitions of known directives and types.
pub(crate) fn check<Stage>(subgraph: &Subgraph<Stage>, names: &KnownDirectives) -> Vec<Diagnostic> {
    if subgraph.generation == Generation::One {
        // Wrong definitions of these were common in federation 1 and are replaced without a word.
        return Vec::new();
    }
    let mut errors = Vec::new();
    for (local, plain) in names {
        let Some(written) = subgraph.schema.directive_definitions.get(local.as_str()) else { continue };
        let Some(known) = DEFINITIONS.iter().find(|definition| definition.name == *plain) else { continue };
        let Ok(document) = Document::parse(known.sdl(local), "federation.graphql") else { continue };
        let Some(Definition::DirectiveDefinition(expected)) = document.definitions.first() else { continue };
        errors.extend(differences(subgraph, written, expected).into_iter().map(|difference| {
            let message = format!("Invalid definition for directive \"@{local}\": {difference}");
            report::within(subgraph, "DIRECTIVE_DEFINITION_INVALID", written.location(), message)
                .help(format!("Leave the definition out: federation brings it. It is `{expected}`."))
        }));
    }
    if let Some(link) = subgraph.links.federation() {
        for (plain, _) in TYPES {
            let local = link.type_name(plain);
            match subgraph.schema.types.get(local.as_str()) {
                None | Some(ExtendedType::Scalar(_)) => {}
                Some(other) => errors.push(report::within(
                    subgraph,
                    "TYPE_DEFINITION_INVALID",
                    other.name().location(),
                    format!("Invalid definition for type \"{local}\": it must be a scalar"),
                )),
            }
        }
    }
    errors
}

fn differences<Stage>(
    subgraph: &Subgraph<Stage>,
    written: &Node<DirectiveDefinition>,
    expected: &DirectiveDefinition,
) -> Vec<String> {
    let mut found = Vec::new();
    for argument in &expected.arguments {
        match written.argument_by_name(&argument.name) {
            None if argument.is_required() => found.push(format!("missing required argument \"{}\"", argument.name)),
            None => {}
            Some(own) => {
                if !same_type(subgraph, &own.ty, &argument.ty) {
                    found.push(format!(
                        "argument \"{}\" should have type \"{}\" but found type \"{}\"",
                        argument.name, argument.ty, own.ty
                    ));
                }
                if own.default_value.is_some() && own.default_value != argument.default_value {
                    found.push(format!("argument \"{}\" has another default value", argument.name));
                }
            }
        }
    }
    for argument in &written.arguments {
        if expected.argument_by_name(&argument.name).is_none() {
            found.push(format!("unknown argument \"{}\"", argument.name));
        }
    }
    if written.repeatable && !expected.repeatable {
        found.push("it should not be repeatable".to_owned());
    }
    for location in &written.locations {
        if !expected.locations.contains(location) {
            found.push(format!("it should not be allowed on {}", location.name()));
        }
    }
    found
}

/// Equal up to the outer non-null, and with any scalar for federation's own scalars or `String`.
fn same_type<Stage>(subgraph: &Subgraph<Stage>, own: &Type, expected: &Type) -> bool {
    if own.is_list() != expected.is_list() {
        return false;
    }
    if own.is_list() {
        return same_type(subgraph, own.item_type(), expected.item_type());
    }
    let (own, expected) = (own.inner_named_type(), expected.inner_named_type());
    let scalar =
        |name: &str| matches!(subgraph.schema.types.get(name), Some(ExtendedType::Scalar(ty)) if !ty.is_built_in());
    let loose = expected == "String" || expected.as_str().starts_with("federation__");
    own == expected || loose && (own == "String" || scalar(own)) || scalar(own)
}
