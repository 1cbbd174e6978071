//! Marks as `@shareable` what federation 1 let several subgraphs resolve: whole value types, and those fields of
//! entities and roots that another subgraph resolves or provides.

use federation::subgraph::{Parsed, Subgraph};
use federation::vocabulary::SHAREABLE;
use graphql::Name;
use graphql::ast::Directive;

use super::{AllFacts, TypeKind, each_field};

/// Adds `@shareable` to a federation 1 subgraph.
pub(crate) fn add(subgraph: &mut Subgraph<Parsed>, all: &AllFacts, index: usize) {
    let Some(own) = all.get(index) else { return };
    let others = || all.iter().enumerate().filter(move |(other, _)| *other != index).map(|(_, facts)| facts);
    each_field(subgraph, |parent, kind, field| {
        let Some(type_facts) = own.get(parent) else { return };
        let Some(field_facts) = type_facts.fields.get(&field.name) else { return };
        if kind == TypeKind::Interface || parent == "Subscription" || field_facts.external || field_facts.key {
            return;
        }
        let by_field = !type_facts.keys.is_empty() || matches!(parent.as_str(), "Query" | "Mutation");
        let shared = others().any(|facts| match facts.get(parent) {
            Some(_) if !by_field => true,
            Some(other) => other.fields.get(&field.name).is_some_and(|field| !field.fully_external()),
            None => false,
        });
        if shared && !field_facts.shareable {
            field.make_mut().directives.push(Directive::new(Name::new_unchecked(SHAREABLE)));
        }
    });
}
