//! Adds the definitions that federation brings, and takes out the fields that only the router calls.

use federation::link::Version;
use federation::subgraph::{Generation, Subgraph};
use federation::vocabulary::{CANONICAL_PREFIX, DEFINITIONS, TYPES};
use graphql::ast::{Definition, DirectiveLocation, Document};
use graphql::schema::{Component, ExtendedType, FieldDefinition, ObjectType, ScalarType};
use graphql::{Name, Node};

use super::canonical::KnownDirectives;

/// A schema itself may be tagged from this version on.
const TAGGED_SCHEMA: Version = Version::new(2, 3);
const MACHINERY_TYPES: [&str; 3] = ["_Service", "_Entity", "_Any"];
const MACHINERY_FIELDS: [&str; 2] = ["_service", "_entities"];

/// Removes `_service`, `_entities` and their types; a query type that held nothing else goes too.
pub(crate) fn strip_machinery<Stage>(subgraph: &mut Subgraph<Stage>) {
    let schema = &mut subgraph.schema;
    for name in MACHINERY_TYPES {
        schema.types.shift_remove(name);
    }
    let Some(query) = schema.schema_definition.query.as_ref().map(|query| query.name.clone()) else { return };
    let Some(ExtendedType::Object(object)) = schema.types.get_mut(&query) else { return };
    let object = object.make_mut();
    let before = object.fields.len();
    object.fields.retain(|name, _| !MACHINERY_FIELDS.contains(&name.as_str()));
    if object.fields.is_empty() && before > 0 {
        schema.types.shift_remove(&query);
        schema.schema_definition.make_mut().query = None;
    }
}

/// Adds what is missing for the schema to be valid on its own: known definitions, their types, and a query root.
pub(crate) fn complete<Stage>(subgraph: &mut Subgraph<Stage>, names: &KnownDirectives) {
    for (local, plain) in names {
        let Some(definition) = DEFINITIONS.iter().find(|definition| definition.name == *plain) else { continue };
        let sdl = localised(subgraph, local, &definition.sdl(local));
        let Ok(document) = Document::parse(sdl, "federation.graphql") else { continue };
        for definition in document.definitions {
            let Definition::DirectiveDefinition(mut definition) = definition else { continue };
            trim_to_version(subgraph, plain, &mut definition);
            subgraph.schema.directive_definitions.insert(definition.name.clone(), definition);
        }
    }
    complete_link(subgraph);
    complete_query(subgraph);
}

/// Gives the types in a definition the names that they have here, and adds those that are not there yet.
fn localised<Stage>(subgraph: &mut Subgraph<Stage>, directive: &str, sdl: &str) -> String {
    let mut sdl = sdl.to_owned();
    for (plain, _) in TYPES {
        let canonical = format!("{CANONICAL_PREFIX}{plain}");
        if sdl.contains(&canonical) {
            let local = local_type(subgraph, directive, plain);
            sdl = sdl.replace(&canonical, &local);
            add_scalar(subgraph, &local);
        }
    }
    sdl
}

fn local_type<Stage>(subgraph: &Subgraph<Stage>, directive: &str, plain: &str) -> String {
    match subgraph.links.directive_source(directive) {
        Some((link, _)) => link.type_name(plain),
        None => format!("_{plain}"),
    }
}

fn trim_to_version<Stage>(
    subgraph: &Subgraph<Stage>,
    plain: &str,
    definition: &mut Node<graphql::ast::DirectiveDefinition>,
) {
    let Some(known) = DEFINITIONS.iter().find(|known| known.name == plain) else { return };
    let later = |name: &str| {
        known.later_arguments.iter().any(|(argument, since)| *argument == name && *since > subgraph.federation)
    };
    let definition = definition.make_mut();
    definition.arguments.retain(|argument| !later(&argument.name));
    if plain == "tag" && (subgraph.generation == Generation::One || subgraph.federation < TAGGED_SCHEMA) {
        definition.locations.retain(|location| *location != DirectiveLocation::Schema);
    }
    definition.repeatable = known.repeatable_since.is_some_and(|since| since <= subgraph.federation);
}

fn complete_link<Stage>(subgraph: &mut Subgraph<Stage>) {
    let Some(link) = subgraph.links.link_name.clone() else { return };
    let import = format!("{link}__Import");
    let purpose = format!("{link}__Purpose");
    if subgraph.schema.directive_definitions.contains_key(link.as_str()) {
        return;
    }
    let sdl = format!(
        "directive @{link}(url: String, feature: String, as: String, for: {purpose}, import: [{import}]) repeatable on SCHEMA
        enum {purpose} {{ SECURITY EXECUTION }} scalar {import}"
    );
    let Ok(document) = Document::parse(sdl, "link.graphql") else { return };
    let Ok(schema) = graphql::Schema::builder().add_ast(&document).build() else { return };
    for (name, definition) in schema.directive_definitions.iter().filter(|(_, definition)| !definition.is_built_in()) {
        subgraph.schema.directive_definitions.insert(name.clone(), definition.clone());
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

fn add_scalar<Stage>(subgraph: &mut Subgraph<Stage>, name: &str) {
    let Ok(name) = Name::new(name) else { return };
    let scalar = ScalarType { description: None, name: name.clone(), directives: Default::default() };
    subgraph.schema.types.entry(name).or_insert_with(|| ExtendedType::Scalar(Node::new(scalar)));
}
