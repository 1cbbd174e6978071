//! Scalars of GraphQL's own may be written out, and then bear directives like any type: those have to be good GraphQL.
//!
//! The schema keeps its own definitions of these scalars, so what an author writes on them would not be looked at. While
//! GraphQL's rules are asked, a scalar of a name that nothing else can have bears it instead.

use federation::subgraph::Subgraph;
use graphql::Name;
use graphql::ast::{Definition, Document};

/// What the stand-ins' names begin with, which no name in GraphQL can.
const PREFIX: &str = "scalar ";

/// Puts stand-ins in the place of scalars of GraphQL's own that bear directives.
pub(super) fn stand_in(document: &mut Document) {
    for definition in &mut document.definitions {
        match definition {
            Definition::ScalarTypeDefinition(scalar) if !scalar.directives.is_empty() => {
                if let Some(name) = name(&scalar.name) {
                    scalar.make_mut().name = name;
                }
            }
            Definition::ScalarTypeExtension(scalar) => {
                if let Some(name) = name(&scalar.name) {
                    scalar.make_mut().name = name;
                }
            }
            _ => {}
        }
    }
}

fn name(scalar: &Name) -> Option<Name> {
    super::documents::BUILT_IN.contains(&scalar.as_str()).then(|| Name::new_unchecked(&format!("{PREFIX}{scalar}")))
}

/// Takes the stand-ins out again.
pub(super) fn drop_stand_ins<Stage>(subgraph: &mut Subgraph<Stage>) {
    subgraph.schema.types.retain(|name, _| !name.starts_with(PREFIX));
}
