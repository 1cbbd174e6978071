//! A supergraph from plain SDL: no joins, nothing hidden.

use std::sync::Arc;

use federation::supergraph::{Field, FieldType, ScalarKind, SubgraphInfo, Supergraph, Type, TypeKind};
use federation::{FieldId, TypeId, TypeSet};
use graphql::schema::ExtendedType;
use graphql::{Name, Schema, ast};
use indexmap::IndexMap;

use super::SUBGRAPHS;

pub fn supergraph(sdl: &str) -> Supergraph {
    let schema = Schema::parse_and_validate(sdl, "").unwrap_or_else(|error| panic!("{error}"));
    let type_by_name: IndexMap<Name, TypeId> =
        (0u32..).zip(schema.types.keys()).map(|(id, name)| (name.clone(), TypeId(id))).collect();
    let possible = |name: &Name| -> TypeSet {
        let names: Vec<&Name> = match &schema.types[name] {
            ExtendedType::Object(_) => vec![name],
            ExtendedType::Union(union) => union.members.iter().map(|member| &member.name).collect(),
            _ => schema.types.keys().filter(|other| schema.is_subtype(name, other)).collect(),
        };
        names.into_iter().filter(|name| schema.types[*name].is_object()).map(|name| type_by_name[name]).collect()
    };
    let mut fields = Vec::new();
    let mut types = Vec::new();
    for (name, ty) in &schema.types {
        let definitions = match ty {
            ExtendedType::Object(object) => object.fields.values().collect(),
            ExtendedType::Interface(interface) => interface.fields.values().collect(),
            _ => Vec::new(),
        };
        let mut own = IndexMap::new();
        for definition in definitions {
            own.insert(definition.name.clone(), FieldId(fields.len() as u32));
            fields.push(Field {
                name: definition.name.clone(),
                parent: type_by_name[name],
                ty: field_type(&definition.ty, &type_by_name),
                inaccessible: false,
                joins: Vec::new(),
            });
        }
        types.push(Type {
            name: name.clone(),
            kind: match ty {
                ExtendedType::Object(_) => TypeKind::Object,
                ExtendedType::Interface(_) => TypeKind::Interface,
                ExtendedType::Union(_) => TypeKind::Union,
                ExtendedType::Enum(_) => TypeKind::Enum,
                ExtendedType::InputObject(_) => TypeKind::InputObject,
                ExtendedType::Scalar(_) => TypeKind::Scalar(match name.as_str() {
                    "Int" => ScalarKind::Int,
                    "Float" => ScalarKind::Float,
                    "String" => ScalarKind::String,
                    "Boolean" => ScalarKind::Boolean,
                    "ID" => ScalarKind::Id,
                    _ => ScalarKind::Custom,
                }),
            },
            fields: own.into_iter().collect(),
            possible_types: possible(name),
            enum_values: match ty {
                ExtendedType::Enum(values) => values.values.keys().cloned().collect(),
                _ => Vec::new(),
            },
            inaccessible: false,
            contexts: Vec::new(),
            joins: Vec::new(),
        });
    }
    let info = |name: &&str| SubgraphInfo {
        name: (*name).to_owned(),
        graph: Name::new(&name.to_uppercase()).unwrap(),
        url: String::new(),
    };
    Supergraph {
        subgraphs: SUBGRAPHS.iter().map(info).collect(),
        override_labels: Vec::new(),
        contexts: Vec::new(),
        query: type_by_name["Query"],
        mutation: type_by_name.get("Mutation").copied(),
        subscription: None,
        types,
        fields,
        type_by_name,
        hash: 0,
        graph: federation::query_graph::QueryGraph::default(),
        introspection: graphql::Introspection::of(&schema),
        api_schema: Arc::new(schema),
    }
}

fn field_type(ty: &ast::Type, ids: &IndexMap<Name, TypeId>) -> FieldType {
    match ty {
        ast::Type::Named(name) => FieldType::Named { id: ids[name], non_null: false },
        ast::Type::NonNullNamed(name) => FieldType::Named { id: ids[name], non_null: true },
        ast::Type::List(item) => FieldType::List { item: Box::new(field_type(item, ids)), non_null: false },
        ast::Type::NonNullList(item) => FieldType::List { item: Box::new(field_type(item, ids)), non_null: true },
    }
}
