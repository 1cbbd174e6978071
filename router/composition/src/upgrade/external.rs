//! `@external` where federation 1 ignored it is dropped, and so are external fields that nothing uses.

use federation::subgraph::{Composite, Parsed, Subgraph, TypeFacts, facts};
use federation::vocabulary::{EXTENDS, EXTERNAL, KEY};
use graphql::ast::Selection;
use graphql::collections::{IndexMap, IndexSet};
use graphql::{Diagnostic, Name, Schema};

use super::{TypeKind, each_field};
use crate::report;

/// Drops `@external` from interface fields, object types, and key fields of extensions.
pub(crate) fn drop_meaningless(subgraph: &mut Subgraph<Parsed>, all: &[Subgraph<Parsed>], index: usize) {
    let own = facts(&subgraph.schema);
    let extended = extended_types(subgraph);
    let schema = &subgraph.schema;
    let key_fields = |name: &Name| -> IndexSet<Name> {
        let keys = own.get(name).map(|facts| facts.keys.as_slice()).unwrap_or_default();
        if schema.types.get(name).is_some_and(|ty| ty.directives().has(KEY)) {
            return keys.iter().flat_map(|key| top_level(&key.selections)).collect();
        }
        // Without a key of its own an extension is found by its owners' first keys.
        let others = all.iter().enumerate().filter(|(other, _)| *other != index);
        others
            .filter_map(|(_, other)| facts(&other.schema).get(name)?.keys.first().map(|key| top_level(&key.selections)))
            .flatten()
            .collect()
    };
    let of_extensions: IndexMap<Name, IndexSet<Name>> =
        extended.iter().map(|name| (name.clone(), key_fields(name))).collect();
    for ty in subgraph.schema.types.values_mut().filter(|ty| !ty.is_built_in()) {
        if let Some(directives) = Composite::directives_mut(ty) {
            directives.retain(|directive| directive.name != EXTERNAL);
        }
    }
    each_field(subgraph, |parent, kind, field| {
        let key_of_extension = of_extensions.get(parent).is_some_and(|keys| keys.contains(&field.name));
        if kind == TypeKind::Interface || key_of_extension {
            field.make_mut().directives.retain(|directive| directive.name != EXTERNAL);
        }
    });
}

fn extended_types(subgraph: &Subgraph<Parsed>) -> IndexSet<Name> {
    let types = subgraph.schema.types.values().filter(|ty| !ty.is_built_in());
    types
        .filter_map(Composite::of)
        .filter(|ty| ty.directives.has(EXTENDS) || !subgraph.stage.defined.contains(ty.name))
        .map(|ty| ty.name.clone())
        .collect()
}

fn top_level(selections: &[Selection]) -> Vec<Name> {
    selections.iter().filter_map(|selection| selection.as_field().map(|field| field.name.clone())).collect()
}

/// Whether a field is external.
pub(crate) fn is_external(facts: &IndexMap<Name, TypeFacts>, parent: &Name, field: &Name) -> bool {
    facts.get(parent).and_then(|ty| ty.fields.get(field)).is_some_and(|field| field.external)
}

/// Whether what stands below a field is external: the field is, or on an interface an implementation's is.
pub(crate) fn counts_as_external(
    schema: &Schema,
    facts: &IndexMap<Name, TypeFacts>,
    parent: &Name,
    field: &Name,
) -> bool {
    is_external(facts, parent, field)
        || schema.get_interface(parent).is_some()
            && schema.types.values().filter_map(Composite::of).any(|implementation| {
                implementation.implements.iter().any(|interface| interface.name == *parent)
                    && is_external(facts, implementation.name, field)
            })
}

/// Removes external fields that no key, requires, provides or interface asks for. A type is in use if anything names it,
/// be it a field that is removed along with its own.
pub(crate) fn remove_unused(subgraph: &mut Subgraph<Parsed>) -> Vec<Diagnostic> {
    let facts = facts(&subgraph.schema);
    let referenced = references(&subgraph.schema);
    let mut emptied = Vec::new();
    for (name, type_facts) in &facts {
        let unused: IndexSet<&Name> =
            type_facts.fields.iter().filter(|(_, field)| field.external && !field.used).map(|(name, _)| name).collect();
        if unused.is_empty() {
            continue;
        }
        if let Some(fields) = subgraph.schema.types.get_mut(name).and_then(Composite::fields_mut) {
            fields.retain(|field, _| !unused.contains(field));
            if fields.is_empty() {
                emptied.push(name.clone());
            }
        }
    }
    let mut errors = Vec::new();
    for name in emptied {
        // A query root is never empty, for every subgraph answers `_service` on it.
        let is_root = name == "Mutation" || name == "Subscription";
        if is_root || referenced.contains(&name) {
            let location = subgraph.schema.types.get(&name).and_then(|ty| ty.name().location());
            let message = format!("Type \"{name}\" contains only external fields and all of them are unused");
            errors.push(
                report::within(subgraph, "TYPE_WITH_ONLY_UNUSED_EXTERNAL", location, message)
                    .help("Remove the type, or what is external in it without need."),
            );
        } else {
            subgraph.schema.types.shift_remove(&name);
            if name == "Query" {
                subgraph.schema.schema_definition.make_mut().query = None;
            }
        }
    }
    errors
}

/// The types that fields and unions name.
fn references(schema: &Schema) -> IndexSet<Name> {
    let types = schema.types.values();
    let of_fields = types.clone().filter_map(Composite::of).flat_map(|composite| composite.fields.values());
    let of_unions = types.filter_map(|ty| ty.as_union()).flat_map(|union| &union.members);
    of_fields
        .map(|field| field.ty.inner_named_type().clone())
        .chain(of_unions.map(|member| member.name.clone()))
        .collect()
}
