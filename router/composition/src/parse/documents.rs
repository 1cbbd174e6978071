//! What a text may say that its syntax tree alone can't carry on: several schema definitions count as one, and what
//! GraphQL itself defines is not to be defined otherwise.

use federation::subgraph::Subgraph;
use graphql::ast::{Definition, Document, SchemaExtension};
use graphql::collections::IndexSet;
use graphql::{Diagnostic, Name};

use crate::report;

/// The scalars that every schema has.
pub(super) const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// Makes extensions of all schema definitions after the first; roots that they repeat are left out.
pub(crate) fn join_schema_definitions(document: &mut Document) {
    let mut roots = Vec::new();
    let mut first = true;
    for definition in &mut document.definitions {
        let Definition::SchemaDefinition(schema) = &*definition else { continue };
        if first {
            roots.extend(schema.root_operations.iter().map(|root| (**root).clone()));
        } else {
            let extension = SchemaExtension {
                directives: schema.directives.clone(),
                root_operations: schema
                    .root_operations
                    .iter()
                    .filter(|root| !roots.contains(&***root))
                    .cloned()
                    .collect(),
            };
            *definition = Definition::SchemaExtension(schema.same_location(extension));
        }
        first = false;
    }
}

/// The types that have a definition rather than extensions only.
pub(crate) fn defined(document: &Document) -> IndexSet<Name> {
    let definitions = document.definitions.iter().filter(|definition| !definition.is_extension_definition());
    definitions.filter_map(|definition| definition.name().cloned()).collect()
}

/// `INVALID_GRAPHQL`: a scalar of GraphQL's own may be written out, but as nothing else.
pub(crate) fn redefined_scalars<Stage>(subgraph: &Subgraph<Stage>, document: &Document) -> Vec<Diagnostic> {
    let other = |definition: &&Definition| {
        !matches!(
            definition,
            Definition::ScalarTypeDefinition(_)
                | Definition::ScalarTypeExtension(_)
                | Definition::DirectiveDefinition(_)
        )
    };
    let redefines = |definition: &Definition| {
        let name = definition.name().filter(|name| BUILT_IN.contains(&name.as_str()))?;
        let message = format!("\"{name}\" is a scalar of GraphQL itself and cannot be defined otherwise");
        Some(report::within(subgraph, "INVALID_GRAPHQL", name.location(), message).help("Take another name."))
    };
    document.definitions.iter().filter(other).filter_map(redefines).collect()
}
