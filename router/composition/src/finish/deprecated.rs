//! GraphQL's rule that what must be given can't be deprecated, since nobody could leave it out. In a subgraph validation
//! finds it; merging may bring together what is deprecated here and required there.

use graphql::schema::ExtendedType;
use graphql::{Node, Schema};

use federation::subgraph::Composite;

/// What is required and deprecated in a schema, in words.
pub(super) fn faults(schema: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |value: &Node<graphql::ast::InputValueDefinition>, what: std::fmt::Arguments<'_>| {
        if value.is_required() && value.directives.has("deprecated") {
            found.push(format!("required {what} cannot be deprecated"));
        }
    };
    for definition in schema.directive_definitions.values().filter(|definition| !definition.is_built_in()) {
        for argument in &definition.arguments {
            look(argument, format_args!("argument `@{}({}:)`", definition.name, argument.name));
        }
    }
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        let fields = Composite::of(ty).into_iter().flat_map(|composite| composite.fields.values());
        for field in fields {
            for argument in &field.arguments {
                look(argument, format_args!("argument `{}.{}({}:)`", ty.name(), field.name, argument.name));
            }
        }
        if let ExtendedType::InputObject(input) = ty {
            for field in input.fields.values() {
                look(field, format_args!("input field `{}.{}`", input.name, field.name));
            }
        }
    }
    found
}
