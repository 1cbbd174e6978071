//! `DIRECTIVE_DEFINITION_INVALID`, `TYPE_DEFINITION_INVALID`: an author may spell out what federation defines, but
//! not differently.

use federation::subgraph::{Generation, Subgraph};
use federation::vocabulary::{CANONICAL_PREFIX, TYPES};
use graphql::ast::{DirectiveDefinition, Type};
use graphql::collections::IndexMap;
use graphql::schema::{EnumType, ExtendedType};
use graphql::{Diagnostic, Name, Node};

use super::canonical::KnownDirectives;
use super::known::{Known, known_definition};
use crate::report;

/// What authors define otherwise than federation does.
#[derive(Default)]
pub(crate) struct Redefined {
    pub(crate) directives: Vec<Diagnostic>,
    /// By the type's name.
    pub(crate) types: IndexMap<Name, Diagnostic>,
}

/// Checks the author's own definitions of known directives and types.
pub(crate) fn check<Stage>(known: &Known, subgraph: &Subgraph<Stage>, names: &KnownDirectives) -> Redefined {
    let mut redefined = link_definitions(known, subgraph);
    for (local, plain) in names {
        let Some(written) = subgraph.schema.directive_definitions.get(local.as_str()) else { continue };
        if is_discarded(subgraph, plain, written) {
            continue;
        }
        if let Some(expected) = known_definition(known, subgraph, (local, plain)) {
            redefined.directives.extend(directive(subgraph, written, &expected));
        }
    }
    if subgraph.generation == Generation::One {
        return redefined;
    }
    for (plain, _) in TYPES {
        let canonical = format!("{CANONICAL_PREFIX}{plain}");
        let local = subgraph.links.federation().map_or(canonical, |link| link.type_name(plain));
        match subgraph.schema.types.get(local.as_str()) {
            None | Some(ExtendedType::Scalar(_)) => {}
            Some(other) => redefined.types.extend([invalid_type(subgraph, other, "it must be a scalar")]),
        }
    }
    redefined
}

/// Libraries of federation 1 wrote some definitions wrong: with an optional field set, or with a list of them. These
/// count as not written.
pub(super) fn is_discarded<Stage>(subgraph: &Subgraph<Stage>, plain: &str, written: &DirectiveDefinition) -> bool {
    let wrong = |ty: &Type| match ty {
        Type::Named(name) => ["_FieldSet", "String"].contains(&name.as_str()),
        ty => matches!(ty, Type::NonNullList(_)),
    };
    subgraph.generation == Generation::One
        && ["key", "requires", "provides"].contains(&plain)
        && written.argument_by_name("fields").is_some_and(|fields| wrong(&fields.ty))
}

/// `@link` or `@core` itself, with its types.
fn link_definitions<Stage>(known: &Known, subgraph: &Subgraph<Stage>) -> Redefined {
    let mut redefined = Redefined::default();
    let Some(expected) = known.link(subgraph) else { return redefined };
    for (name, definition) in expected.directive_definitions.iter().filter(|(_, definition)| !definition.is_built_in())
    {
        if let Some(written) = subgraph.schema.directive_definitions.get(name) {
            redefined.directives.extend(directive(subgraph, written, definition));
        }
    }
    for (name, expected) in expected.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        let Some(written) = subgraph.schema.types.get(name) else { continue };
        match (expected, written) {
            (ExtendedType::Scalar(_), ExtendedType::Scalar(_)) => {}
            (ExtendedType::Enum(expected), ExtendedType::Enum(own)) if same_values(expected, own) => {}
            (ExtendedType::Enum(expected), _) => {
                let values: Vec<&str> = expected.values.keys().map(Name::as_str).collect();
                let problem = format!("it must be an enum of the values {}", values.join(" and "));
                redefined.types.extend([invalid_type(subgraph, written, &problem)]);
            }
            _ => redefined.types.extend([invalid_type(subgraph, written, "it must be a scalar")]),
        }
    }
    redefined
}

fn same_values(expected: &EnumType, own: &EnumType) -> bool {
    expected.values.len() == own.values.len() && own.values.keys().all(|value| expected.values.contains_key(value))
}

fn invalid_type<Stage>(subgraph: &Subgraph<Stage>, written: &ExtendedType, problem: &str) -> (Name, Diagnostic) {
    let name = written.name();
    let message = format!("Invalid definition for type \"{name}\": {problem}");
    (name.clone(), report::within(subgraph, "TYPE_DEFINITION_INVALID", name.location(), message))
}

fn directive<Stage>(
    subgraph: &Subgraph<Stage>,
    written: &Node<DirectiveDefinition>,
    expected: &DirectiveDefinition,
) -> Option<Diagnostic> {
    let found = differences(written, expected);
    if found.is_empty() {
        return None;
    }
    let message = format!("Invalid definition for directive \"@{}\": {}", written.name, found.join("; "));
    Some(
        report::within(subgraph, "DIRECTIVE_DEFINITION_INVALID", written.location(), message)
            .help(format!("Leave the definition out: federation brings it. It is `{expected}`.")),
    )
}

fn differences(written: &Node<DirectiveDefinition>, expected: &DirectiveDefinition) -> Vec<String> {
    let mut found = Vec::new();
    for argument in &expected.arguments {
        match written.argument_by_name(&argument.name) {
            None if argument.is_required() => found.push(format!("missing required argument \"{}\"", argument.name)),
            None => {}
            Some(own) => {
                if !same_type(&own.ty, &argument.ty) {
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

/// Equal, but that an optional argument may be made required, and that a scalar of the specification may be written as
/// one of GraphQL's own, whose values it takes.
fn same_type(own: &Type, expected: &Type) -> bool {
    if own.is_list() != expected.is_list() || expected.is_non_null() && !own.is_non_null() {
        return false;
    }
    if own.is_list() {
        return same_type(own.item_type(), expected.item_type());
    }
    let (own, expected) = (own.inner_named_type().as_str(), expected.inner_named_type().as_str());
    let built_in = |name: &str| ["Boolean", "Float", "ID", "Int", "String"].contains(&name);
    own == expected || built_in(own) && !built_in(expected)
}
