//! `INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE`: a subgraph that resolves an interface by key must know every type that
//! the value may turn out to have.

use federation::subgraph::Composite;
use graphql::Schema;
use graphql::schema::ExtendedType;

use super::composites;
use super::context::{Context, Findings};
use super::fields::Holder;
use super::kinds::{Kind, TypeTable};
use crate::report;

/// Checks every resolvable interface key.
pub(crate) fn check(context: &Context<'_>, types: &TypeTable<'_>, out: &Schema, findings: &mut Findings) {
    for (interface, entry) in types.iter().filter(|(_, entry)| entry.kind == Kind::Interface) {
        let implementations: Vec<_> = context
            .subtypes
            .subtypes(interface)
            .filter(|name| matches!(out.types.get(name.as_str()), Some(ExtendedType::Object(_))))
            .collect();
        for part in composites::parts(context.subgraphs, &entry.sources) {
            let Some(key) = part.facts.keys.iter().find(|key| key.resolvable) else { continue };
            if part.holder != Holder::Interface {
                continue;
            }
            let Some(subgraph) = context.subgraphs.get(part.graph) else { continue };
            let implemented = |name: &str| {
                let here = subgraph.schema.types.get(name).and_then(Composite::of);
                here.is_some_and(|ty| ty.implements.iter().any(|implemented| implemented.name == *interface))
            };
            let lacking: Vec<_> = implementations.iter().filter(|name| !implemented(name)).collect();
            if lacking.is_empty() {
                continue;
            }
            let message = format!(
                "[{}] Interface type \"{interface}\" has a resolvable key in subgraph \"{}\" but that subgraph is missing some of the supergraph implementation types of \"{interface}\": it should define {}",
                subgraph.name,
                subgraph.name,
                report::names(lacking)
            );
            let labels = context.label(part.graph, key.location, "a resolvable key");
            findings.error(
                "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
                message,
                labels,
                "Define them here with the same key, or set resolvable: false.",
            );
        }
    }
}
