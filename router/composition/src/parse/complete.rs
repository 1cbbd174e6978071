//! Adds the definitions that federation brings, and takes out the fields that only the router calls.

use federation::subgraph::Subgraph;
use graphql::ast::{DirectiveDefinition, DirectiveLocation};
use graphql::schema::{Component, ExtendedType, FieldDefinition, ObjectType, ScalarType};
use graphql::{Name, Node, Schema};

use super::canonical::KnownDirectives;
use super::definitions;
use super::known::{Known, known_definition, known_scalars};
use crate::walk;

const MACHINERY_TYPES: [&str; 3] = ["_Service", "_Entity", "_Any"];
const MACHINERY_FIELDS: [&str; 2] = ["_service", "_entities"];

/// Removes `_service`, `_entities` and their types: every subgraph has these, written or not.
pub(crate) fn strip_machinery<Stage>(subgraph: &mut Subgraph<Stage>) {
    let schema = &mut subgraph.schema;
    for name in MACHINERY_TYPES {
        schema.types.shift_remove(name);
    }
    if let Some(query) = query_mut(schema) {
        query.fields.retain(|name, _| !MACHINERY_FIELDS.contains(&name.as_str()));
    }
}

/// Removes a query type that no author wrote, once all has been said that GraphQL has to say. One that is written stays,
/// with or without fields: its directives and its description count.
pub(crate) fn drop_added_query<Stage>(subgraph: &mut Subgraph<Stage>) {
    let schema = &mut subgraph.schema;
    if query_mut(schema).is_some_and(|query| query.name.location().is_none())
        && let Some(root) = schema.schema_definition.make_mut().query.take()
    {
        schema.types.shift_remove(&root.name);
    }
}

fn query_mut(schema: &mut Schema) -> Option<&mut ObjectType> {
    let root = schema.schema_definition.query.as_ref()?.name.clone();
    match schema.types.get_mut(&root)? {
        ExtendedType::Object(object) => Some(object.make_mut()),
        _ => None,
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
        let written = subgraph.schema.directive_definitions.get(local.as_str()).cloned();
        match &written {
            Some(written) if !definitions::is_discarded(subgraph, plain, written) => continue,
            None if !applied.contains(local) => continue,
            _ => {}
        }
        let Some(mut definition) = known_definition(known, subgraph, (local, plain)) else { continue };
        if let Some(discarded) = written {
            keep_directives(&mut definition, &discarded);
        }
        for argument in &definition.arguments {
            add_scalar(subgraph, argument.ty.inner_named_type());
        }
        subgraph.schema.directive_definitions.insert(definition.name.clone(), definition);
    }
    complete_link(known, subgraph);
    complete_one_of(subgraph);
    complete_query(subgraph);
}

/// What stands on the arguments of a definition that does not count is held to GraphQL's rules all the same.
fn keep_directives(definition: &mut Node<DirectiveDefinition>, discarded: &DirectiveDefinition) {
    for argument in &mut definition.make_mut().arguments {
        if let Some(written) = discarded.argument_by_name(&argument.name) {
            argument.make_mut().directives = written.directives.clone();
        }
    }
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

/// GraphQL wants a query root with a field.
fn complete_query<Stage>(subgraph: &mut Subgraph<Stage>) {
    let name = Name::new_unchecked("_service");
    let field = FieldDefinition {
        description: None,
        name: name.clone(),
        arguments: Vec::new(),
        ty: graphql::ast::Type::Named(Name::new_unchecked("String")),
        directives: Default::default(),
    };
    let field = (name, Component::new(field));
    let schema = &mut subgraph.schema;
    if let Some(written) = query_mut(schema) {
        if written.fields.is_empty() {
            written.fields.extend([field]);
        }
    } else if schema.schema_definition.query.is_none() && !schema.types.contains_key("Query") {
        // No type can be called so: who names a `Query` that isn't there is told.
        let query = Name::new_unchecked("a query root");
        let object = ObjectType {
            description: None,
            name: query.clone(),
            implements_interfaces: Default::default(),
            directives: Default::default(),
            fields: std::iter::once(field).collect(),
        };
        schema.types.insert(query.clone(), object.into());
        schema.schema_definition.make_mut().query = Some(query.into());
    }
}

fn add_scalar<Stage>(subgraph: &mut Subgraph<Stage>, name: &Name) {
    let scalar = ScalarType { description: None, name: name.clone(), directives: Default::default() };
    subgraph.schema.types.entry(name.clone()).or_insert_with(|| ExtendedType::Scalar(Node::new(scalar)));
}
