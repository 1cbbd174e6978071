//! The types, their kinds, and what each subgraph knows of them. Fields and keys are bound afterwards.

use graphql::ast::Directive;
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Name, Schema};
use indexmap::{IndexMap, IndexSet};

use super::arguments::{enum_value, is_true, string};
use super::features::Features;
use super::{INVALID, Loading};
use crate::supergraph::{ScalarKind, Type, TypeJoin, TypeKind};
use crate::{SubgraphId, TypeId, TypeSet};

/// Gives every type of the API and every hidden one its id; those of specifications have none.
pub fn names(schema: &Schema, features: &Features) -> Result<IndexMap<Name, TypeId>, Vec<Diagnostic>> {
    let names = schema.types.keys().filter(|name| !name.starts_with("__") && !features.owns_type(name));
    let names: IndexMap<Name, TypeId> = names.enumerate().map(|(i, name)| (name.clone(), TypeId(i as u32))).collect();
    if names.len() >= u32::MAX as usize {
        return Err(vec![Diagnostic::error(INVALID, "the supergraph has too many types")]);
    }
    Ok(names)
}

/// Loads all types, without fields.
pub fn load(loading: &mut Loading<'_>) -> Vec<Type> {
    let schema = loading.schema;
    let mut possible = possible_types(loading);
    let mut types = Vec::with_capacity(loading.type_by_name.len());
    for (name, definition) in &schema.types {
        let Some(&id) = loading.type_by_name.get(name) else { continue };
        let all = possible.shift_remove(&id).unwrap_or_default();
        let joins = joins(loading, definition, id, &all);
        types.push(Type {
            name: name.clone(),
            kind: kind(definition),
            fields: IndexMap::new(),
            possible_types: all,
            enum_values: enum_values(loading, definition),
            inaccessible: is_inaccessible(loading, definition.directives().0.iter().map(|component| &***component)),
            contexts: Vec::new(),
            joins,
        });
    }
    types
}

/// Whether one of the directives is `@inaccessible`, under its local name.
pub fn is_inaccessible<'a>(loading: &Loading<'_>, mut directives: impl Iterator<Item = &'a Directive>) -> bool {
    let name = loading.features.directive("inaccessible", "inaccessible");
    name.is_some_and(|name| directives.any(|directive| directive.name == name.as_str()))
}

fn kind(definition: &ExtendedType) -> TypeKind {
    match definition {
        ExtendedType::Object(_) => TypeKind::Object,
        ExtendedType::Interface(_) => TypeKind::Interface,
        ExtendedType::Union(_) => TypeKind::Union,
        ExtendedType::Enum(_) => TypeKind::Enum,
        ExtendedType::InputObject(_) => TypeKind::InputObject,
        ExtendedType::Scalar(scalar) => TypeKind::Scalar(match scalar.name.as_str() {
            "Int" => ScalarKind::Int,
            "Float" => ScalarKind::Float,
            "String" => ScalarKind::String,
            "Boolean" => ScalarKind::Boolean,
            "ID" => ScalarKind::Id,
            _ => ScalarKind::Custom,
        }),
    }
}

fn enum_values(loading: &Loading<'_>, definition: &ExtendedType) -> Vec<Name> {
    let ExtendedType::Enum(definition) = definition else { return Vec::new() };
    let visible = definition
        .values
        .values()
        .filter(|value| !is_inaccessible(loading, value.directives.0.iter().map(|directive| &**directive)));
    visible.map(|value| value.value.clone()).collect()
}

/// The object types that each type may be, anywhere.
fn possible_types(loading: &Loading<'_>) -> IndexMap<TypeId, TypeSet> {
    let mut possible: IndexMap<TypeId, TypeSet> = IndexMap::new();
    let objects = loading.schema.types.values().filter_map(ExtendedType::as_object);
    let implemented: IndexSet<&Name> =
        objects.flat_map(|object| &object.implements_interfaces).map(|interface| &interface.name).collect();
    for (name, definition) in &loading.schema.types {
        let Some(&id) = loading.type_by_name.get(name) else { continue };
        match definition {
            ExtendedType::Object(object) => {
                possible.entry(id).or_default().insert(id);
                for interface in &object.implements_interfaces {
                    if let Some(&interface) = loading.type_by_name.get(&interface.name) {
                        possible.entry(interface).or_default().insert(id);
                    }
                }
            }
            // An interface that nothing implements, as when it is an interface object in all subgraphs but one:
            // its values are of no other type than itself.
            ExtendedType::Interface(_) if !implemented.contains(name) => {
                possible.entry(id).or_default().insert(id);
            }
            ExtendedType::Union(union) => {
                let members = union.members.iter().filter_map(|member| loading.type_by_name.get(&member.name));
                possible.entry(id).or_default().extend(members.copied());
            }
            _ => {}
        }
    }
    possible
}

/// What each subgraph knows of a type; keys are bound later.
fn joins(loading: &mut Loading<'_>, definition: &ExtendedType, id: TypeId, all: &TypeSet) -> Vec<TypeJoin> {
    let mut joins: IndexMap<SubgraphId, bool> = IndexMap::new();
    let name = loading.features.directive("join", "type").unwrap_or_default();
    for directive in definition.directives().0.iter().filter(|directive| directive.name == name.as_str()) {
        match enum_value(directive, "graph").and_then(|graph| loading.graphs.get(graph)).copied() {
            Some(subgraph) => *joins.entry(subgraph).or_default() |= is_true(directive, "isInterfaceObject"),
            None => loading.invalid(format!("@{name} on {} names no known subgraph", definition.name())),
        }
    }
    if joins.is_empty() && !definition.is_scalar() && !definition.is_enum() && !definition.is_input_object() {
        // A type without any join (join v0.1 value types, hand-written ones) belongs to every subgraph.
        joins = loading.graphs.values().map(|&subgraph| (subgraph, false)).collect();
    }
    joins.sort_keys();
    let join = |(subgraph, is_interface_object): (SubgraphId, bool)| TypeJoin {
        subgraph,
        keys: Vec::new(),
        is_interface_object,
        possible_types: if is_interface_object || *all == TypeSet::one(id) {
            all.clone()
        } else {
            possible_in(loading, definition, id, subgraph)
        },
    };
    joins.into_iter().map(join).collect()
}

/// The object types that a type may be in one subgraph.
fn possible_in(loading: &Loading<'_>, definition: &ExtendedType, id: TypeId, subgraph: SubgraphId) -> TypeSet {
    match definition {
        ExtendedType::Object(_) => TypeSet::one(id),
        ExtendedType::Interface(interface) => {
            let implementers = loading.schema.types.values().filter(|candidate| {
                matches!(candidate, ExtendedType::Object(object)
                    if implements_in(loading, candidate, &object.implements_interfaces, &interface.name, subgraph))
            });
            implementers.filter_map(|object| loading.type_by_name.get(object.name())).copied().collect()
        }
        ExtendedType::Union(union) => {
            let name = loading.features.directive("join", "unionMember").unwrap_or_default();
            let of_graph: Vec<&Directive> = union
                .directives
                .0
                .iter()
                .filter(|directive| directive.name == name.as_str())
                .map(|directive| &***directive)
                .collect();
            let members = union.members.iter().map(|member| &member.name).filter(|member| {
                if of_graph.is_empty() {
                    return is_joined(loading, member, subgraph);
                }
                of_graph.iter().any(|directive| {
                    string(directive, "member") == Some(member.as_str())
                        && enum_value(directive, "graph").and_then(|graph| loading.graphs.get(graph)) == Some(&subgraph)
                })
            });
            members.filter_map(|member| loading.type_by_name.get(member)).copied().collect()
        }
        _ => TypeSet::default(),
    }
}

fn implements_in(
    loading: &Loading<'_>,
    object: &ExtendedType,
    implements: &graphql::collections::IndexSet<graphql::schema::ComponentName>,
    interface: &Name,
    subgraph: SubgraphId,
) -> bool {
    if !implements.iter().any(|implemented| implemented.name == *interface) {
        return false;
    }
    let name = loading.features.directive("join", "implements").unwrap_or_default();
    let mut of_graph = object.directives().0.iter().filter(|directive| directive.name == name.as_str()).peekable();
    if of_graph.peek().is_none() {
        return is_joined(loading, object.name(), subgraph);
    }
    of_graph.any(|directive| {
        string(directive, "interface") == Some(interface.as_str())
            && enum_value(directive, "graph").and_then(|graph| loading.graphs.get(graph)) == Some(&subgraph)
    })
}

fn is_joined(loading: &Loading<'_>, type_name: &Name, subgraph: SubgraphId) -> bool {
    let name = loading.features.directive("join", "type").unwrap_or_default();
    let Some(definition) = loading.schema.types.get(type_name) else { return false };
    let mut of_type = definition.directives().0.iter().filter(|directive| directive.name == name.as_str()).peekable();
    of_type.peek().is_none()
        || of_type.any(|directive| {
            enum_value(directive, "graph").and_then(|graph| loading.graphs.get(graph)) == Some(&subgraph)
        })
}
