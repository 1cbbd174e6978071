//! Adds the definitions that federation brings, and takes out the fields that only the router calls.

use federation::subgraph::Subgraph;
use graphql::ast::{DirectiveDefinition, DirectiveLocation};
use graphql::schema::{Component, ExtendedType, FieldDefinition, ObjectType, ScalarType};
use graphql::{Name, Node};

use super::canonical::KnownDirectives;
use super::definitions;
use super::known::{Known, known_definition, known_scalars};
use crate::walk;

const MACHINERY_TYPES: [&str; 3] = ["_Service", "_Entity", "_Any"];
const MACHINERY_FIELDS: [&str; 2] = ["_service", "_entities"];

/// Removes `_service`, `_entities` and their types; a query type that holds nothing else goes too, since every subgraph
/// has these, written or not.
pub(crate) fn strip_machinery<Stage>(subgraph: &mut Subgraph<Stage>) {
    let schema = &mut subgraph.schema;
    for name in MACHINERY_TYPES {
        schema.types.shift_remove(name);
    }
    let Some(query) = schema.schema_definition.query.as_ref().map(|query| query.name.clone()) else { return };
    let Some(ExtendedType::Object(object)) = schema.types.get_mut(&query) else { return };
    let object = object.make_mut();
    object.fields.retain(|name, _| !MACHINERY_FIELDS.contains(&name.as_str()));
    if object.fields.is_empty() {
        schema.types.shift_remove(&query);
        schema.schema_definition.make_mut().query = None;
    }
}

/// Adds what is missing for the schema to be valid on its own: known definitions, their types, and a query root. What
/// the author wrote out stays: whoever allows less than federation does is held to it.
pub(crate) fn complete<Stage>(known: &Known, subgraph: &mut Subgraph<Stage>, names: &KnownDirectives) {
    // A definition that nothing applies says nothing: validation would only take longer.
    let applied = walk::applied_names(&subgraph.schema);
    for (local, plain) in names {
        for scalar in known_scalars(subgraph, local, plain) {
            add_scalar(subgraph, &scalar);
        }
        let written = subgraph.schema.directive_definitions.get(local.as_str());
        if written.is_some_and(|written| definitions::is_discarded(subgraph, plain, written)) {
            subgraph.schema.directive_definitions.shift_remove(local.as_str());
        } else if written.is_some() {
            continue;
        }
        if !applied.contains(local) {
            continue;
        }
        let Some(definition) = known_definition(known, subgraph, (local, plain)) else { continue };
        for argument in &definition.arguments {
            add_scalar(subgraph, argument.ty.inner_named_type());
        }
        subgraph.schema.directive_definitions.insert(definition.name.clone(), definition);
    }
    complete_link(known, subgraph);
    complete_one_of(subgraph);
    complete_query(subgraph);
}

/// `@oneOf` is GraphQL's own, but too young for the library that builds the schema to know it.
fn complete_one_of<Stage>(subgraph: &mut Subgraph<Stage>) {
    let definition = DirectiveDefinition {
        description: None,
        name: Name::new_unchecked("oneOf"),
        arguments: Vec::new(),
        repeatable: false,
        locations: vec![DirectiveLocation::InputObject],
    };
    subgraph.schema.directive_definitions.entry(definition.name.clone()).or_insert_with(|| Node::new(definition));
}

fn complete_link<Stage>(known: &Known, subgraph: &mut Subgraph<Stage>) {
    let Some(schema) = known.link(subgraph) else { return };
    for (name, definition) in schema.directive_definitions.iter().filter(|(_, definition)| !definition.is_built_in()) {
        subgraph.schema.directive_definitions.entry(name.clone()).or_insert_with(|| definition.clone());
    }
    for (name, ty) in schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        subgraph.schema.types.entry(name.clone()).or_insert_with(|| ty.clone());
    }
}

fn complete_query<Stage>(subgraph: &mut Subgraph<Stage>) {
    if subgraph.schema.schema_definition.query.is_some() {
        return;
    }
    let (Ok(query), Ok(service)) = (Name::new("Query"), Name::new("_service")) else { return };
    if subgraph.schema.types.contains_key(&query) {
        return;
    }
    let field = FieldDefinition {
        description: None,
        name: service.clone(),
        arguments: Vec::new(),
        ty: graphql::ast::Type::Named(Name::new_unchecked("String")),
        directives: Default::default(),
    };
    let object = ObjectType {
        description: None,
        name: query.clone(),
        implements_interfaces: Default::default(),
        directives: Default::default(),
        fields: std::iter::once((service, Component::new(field))).collect(),
    };
    subgraph.schema.types.insert(query.clone(), object.into());
    subgraph.schema.schema_definition.make_mut().query = Some(query.into());
}

fn add_scalar<Stage>(subgraph: &mut Subgraph<Stage>, name: &Name) {
    let scalar = ScalarType { description: None, name: name.clone(), directives: Default::default() };
    subgraph.schema.types.entry(name.clone()).or_insert_with(|| ExtendedType::Scalar(Node::new(scalar)));
}
