//! `EXTENSION_WITH_NO_BASE`: a type that is extended but defined by no subgraph; all other extensions turn into
//! definitions, since `extend` said no more in federation 1 than that another subgraph owns the type.

use federation::subgraph::{Composite, Generation, Parsed, Subgraph};
use federation::vocabulary::EXTENDS;
use graphql::schema::ComponentOrigin;
use graphql::{Diagnostic, Name};

use crate::report;

const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// Checks the extensions of federation 1 subgraphs; the merge checks those of federation 2.
pub(crate) fn check(subgraphs: &[Subgraph<Parsed>]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for subgraph in subgraphs.iter().filter(|subgraph| subgraph.generation == Generation::One) {
        for (name, ty) in subgraph.schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
            let mut others = subgraphs.iter().filter(|other| other.name != subgraph.name);
            let based = owns(subgraph, name) || others.any(|other| other.stage.defined.contains(name));
            if based || ROOTS.contains(&name.as_str()) {
                continue;
            }
            let message = format!("Type \"{name}\" is an extension type, but no subgraph defines it");
            errors.push(
                report::within(subgraph, "EXTENSION_WITH_NO_BASE", ty.location(), message)
                    .help(format!("Define \"{name}\" in one subgraph, or remove `extend` here.")),
            );
        }
    }
    errors
}

/// Whether a subgraph owns a type; `@extends` says as `extend` does that it doesn't. What others have by `type T @extends`
/// is a base all the same: libraries that can't write `extend` take it for their own types as well.
fn owns(subgraph: &Subgraph<Parsed>, name: &Name) -> bool {
    let extends = || subgraph.schema.types.get(name).is_some_and(|ty| ty.directives().has(EXTENDS));
    subgraph.stage.defined.contains(name) && !extends()
}

/// Makes one declaration of each type's definition and extensions.
pub(crate) fn become_definitions(subgraph: &mut Subgraph<Parsed>) {
    for (name, ty) in subgraph.schema.types.iter_mut().filter(|(_, ty)| !ty.is_built_in()) {
        subgraph.stage.defined.insert(name.clone());
        if let Some(directives) = Composite::directives_mut(ty) {
            directives.iter_mut().for_each(|directive| directive.origin = ComponentOrigin::Definition);
        }
        if let Some(fields) = Composite::fields_mut(ty) {
            fields.values_mut().for_each(|field| field.origin = ComponentOrigin::Definition);
        }
    }
}
