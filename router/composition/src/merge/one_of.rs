//! Defines `@oneOf` in a supergraph that applies it: readers need not know a directive this young.

use graphql::ast::{DirectiveDefinition, DirectiveLocation};
use graphql::schema::ExtendedType;
use graphql::{Node, Schema};

use super::join;

const ONE_OF: &str = "oneOf";

/// Adds the definition where an input applies the directive.
pub(crate) fn define(out: &mut Schema) {
    let mut inputs = out.types.values().filter_map(ExtendedType::as_input_object);
    if !inputs.any(|input| input.directives.has(ONE_OF)) {
        return;
    }
    let definition = DirectiveDefinition {
        description: None,
        name: join::fixed(ONE_OF),
        arguments: Vec::new(),
        repeatable: false,
        locations: vec![DirectiveLocation::InputObject],
    };
    out.directive_definitions.insert(definition.name.clone(), Node::new(definition));
}
