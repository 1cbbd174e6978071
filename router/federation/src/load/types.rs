//! The types, their kinds, and what each subgraph knows of them. Fields and keys are bound afterwards.

use graphql::ast::Directive;
use graphql::schema::ExtendedType;
use graphql::{Name, Schema};
use indexmap::IndexMap;

use super::arguments::{enum_value, is_true};
use super::features::Features;
use super::possible::Possible;
use super::{Loading, TypeNames};
use crate::supergraph::{ScalarKind, Type, TypeJoin, TypeKind};
use crate::{SubgraphId, TypeId};

/// Gives every type of the API and every hidden one its id; those of specifications have none. A text has fewer types than bytes, so
/// that ids never run out.
pub fn names(schema: &Schema, features: &Features) -> TypeNames {
    let names = schema.types.keys().filter(|name| !name.starts_with("__") && !features.owns_type(name));
    names.enumerate().map(|(i, name)| (name.clone(), TypeId(i as u32))).collect()
}

/// Loads all types, without fields.
pub fn load(loading: &mut Loading<'_>) -> Vec<Type> {
    let schema = loading.schema;
    let possible = Possible::of(loading);
    let mut types = Vec::with_capacity(loading.type_by_name.len());
    for (name, definition) in &schema.types {
        let Some(&id) = loading.type_by_name.get(name) else { continue };
        let all = possible.anywhere(id);
        let joins = joins(loading, definition, &possible, id);
        types.push(Type {
            name: name.clone(),
            kind: kind(definition),
            fields: IndexMap::default(),
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
    let name = loading.directives.inaccessible.as_str();
    !name.is_empty() && directives.any(|directive| directive.name == name)
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

/// What each subgraph knows of a type; keys are bound later.
fn joins(loading: &mut Loading<'_>, definition: &ExtendedType, possible: &Possible, id: TypeId) -> Vec<TypeJoin> {
    let mut joins: IndexMap<SubgraphId, bool> = IndexMap::new();
    let mut unknown = false;
    for directive in
        definition.directives().0.iter().filter(|directive| directive.name == loading.directives.ty.as_str())
    {
        match enum_value(directive, "graph").and_then(|graph| loading.graphs.get(graph)).copied() {
            Some(subgraph) => *joins.entry(subgraph).or_default() |= is_true(directive, "isInterfaceObject"),
            None => unknown = true,
        }
    }
    if unknown {
        loading.invalid(format!("@{} on {} names no known subgraph", loading.directives.ty, definition.name()));
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
        possible_types: if is_interface_object { possible.anywhere(id) } else { possible.within(id, subgraph) },
    };
    joins.into_iter().map(join).collect()
}
