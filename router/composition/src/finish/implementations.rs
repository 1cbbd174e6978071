//! `INTERFACE_FIELD_NO_IMPLEM`: every merged implementation has every merged interface field.

use federation::subgraph::{Composite, Subgraph, Validated};
use graphql::{Diagnostic, Schema};

use crate::report;

/// Checks all implementations.
pub(super) fn check(schema: &Schema, subgraphs: &[Subgraph<Validated>]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for ty in schema.types.values().filter_map(Composite::of) {
        for interface in ty.implements {
            let Some(interface) = schema.types.get(&interface.name).and_then(Composite::of) else { continue };
            for field in interface.fields.keys().filter(|field| !ty.fields.contains_key(*field)) {
                errors.push(missing(subgraphs, ty.name, interface.name, field));
            }
        }
    }
    errors
}

fn missing(subgraphs: &[Subgraph<Validated>], ty: &str, interface: &str, field: &str) -> Diagnostic {
    let declared = |subgraph: &&Subgraph<Validated>| subgraph.field_facts(interface, field).is_some();
    let declaring: Vec<&Subgraph<Validated>> = subgraphs.iter().filter(declared).collect();
    let lacking: Vec<&Subgraph<Validated>> =
        subgraphs.iter().filter(|subgraph| subgraph.schema.types.contains_key(ty)).collect();
    let message = format!(
        "Interface field \"{interface}.{field}\" is declared in {} but type \"{ty}\", which implements \"{interface}\" only in {}, does not have field \"{field}\"",
        report::subgraphs(declaring.iter().map(|subgraph| &subgraph.name)),
        report::subgraphs(lacking.iter().map(|subgraph| &subgraph.name)),
    );
    let mut diagnostic = Diagnostic::error("INTERFACE_FIELD_NO_IMPLEM", message)
        .help(format!("Add \"{field}\" to \"{ty}\" in a subgraph that can resolve it."));
    for subgraph in declaring {
        let field = subgraph.schema.types.get(interface).and_then(Composite::of).and_then(|ty| ty.fields.get(field));
        diagnostic = diagnostic.label(subgraph.label(field.and_then(|field| field.location()), "declared here"));
    }
    for subgraph in lacking {
        let location = subgraph.schema.types.get(ty).and_then(|ty| ty.name().location());
        diagnostic = diagnostic.label(subgraph.label(location, "lacks the field"));
    }
    diagnostic
}
