//! The API schema: the supergraph without federation's vocabulary and without what is inaccessible.
//!
//! Keeps descriptions, `@deprecated`, `@specifiedBy`, `@oneOf`, and directives for operations.

use graphql::ast;
use graphql::schema::{self, ExtendedType};
use graphql::{Diagnostic, Name, Node, Schema, Valid, is_executable_location};

use super::features::Features;

/// Makes the API schema.
pub fn build(supergraph: &Schema, features: &Features) -> Result<Valid<Schema>, Vec<Diagnostic>> {
    let hiding = Hiding { name: features.directive("inaccessible", "inaccessible").unwrap_or_default() };
    let mut api = supergraph.clone();
    let gone: Vec<Name> = api
        .types
        .iter()
        .filter(|(name, ty)| features.owns_type(name) || hiding.components(ty.directives()))
        .map(|(name, _)| name.clone())
        .collect();
    let gone: graphql::collections::HashSet<Name> = gone.into_iter().collect();
    api.types.retain(|name, _| !gone.contains(name));
    api.directive_definitions.retain(|name, definition| !features.owns_directive(name) && is_executable(definition));
    for ty in api.types.values_mut() {
        strip_type(ty, &gone, &hiding);
    }
    for definition in api.directive_definitions.values_mut().filter(|definition| !is_built_in(definition)) {
        let definition = definition.make_mut();
        definition.arguments.retain(|argument| !hiding.nodes(&argument.directives));
        strip_arguments(&mut definition.arguments);
    }
    let definition = api.schema_definition.make_mut();
    definition.directives.0.clear();
    for root in [&mut definition.query, &mut definition.mutation, &mut definition.subscription] {
        if root.as_ref().is_some_and(|name| gone.contains(&name.name)) {
            *root = None;
        }
    }
    api.validate().map_err(|found| graphql::diagnostics(&found.errors, "INVALID_GRAPHQL"))
}

struct Hiding {
    name: String,
}

impl Hiding {
    fn components(&self, directives: &schema::DirectiveList) -> bool {
        !self.name.is_empty() && directives.0.iter().any(|directive| directive.name == self.name.as_str())
    }

    fn nodes(&self, directives: &ast::DirectiveList) -> bool {
        !self.name.is_empty() && directives.0.iter().any(|directive| directive.name == self.name.as_str())
    }
}

fn is_executable(definition: &ast::DirectiveDefinition) -> bool {
    is_built_in(definition) || definition.locations.iter().any(is_executable_location)
}

fn is_built_in(definition: &ast::DirectiveDefinition) -> bool {
    matches!(definition.name.as_str(), "skip" | "include" | "deprecated" | "specifiedBy" | "oneOf")
}

fn is_kept(name: &Name) -> bool {
    matches!(name.as_str(), "deprecated" | "specifiedBy" | "oneOf")
}

fn strip_type(ty: &mut ExtendedType, gone: &graphql::collections::HashSet<Name>, hiding: &Hiding) {
    match ty {
        ExtendedType::Scalar(scalar) if scalar.directives.is_empty() => {}
        ExtendedType::Scalar(scalar) => strip_components(&mut scalar.make_mut().directives),
        ExtendedType::Object(object) => {
            let object = object.make_mut();
            object.implements_interfaces.retain(|interface| !gone.contains(&interface.name));
            strip_components(&mut object.directives);
            strip_fields(&mut object.fields, hiding);
        }
        ExtendedType::Interface(interface) => {
            let interface = interface.make_mut();
            interface.implements_interfaces.retain(|implemented| !gone.contains(&implemented.name));
            strip_components(&mut interface.directives);
            strip_fields(&mut interface.fields, hiding);
        }
        ExtendedType::Union(union) => {
            let union = union.make_mut();
            union.members.retain(|member| !gone.contains(&member.name));
            strip_components(&mut union.directives);
        }
        ExtendedType::Enum(definition) => {
            let definition = definition.make_mut();
            definition.values.retain(|_, value| !hiding.nodes(&value.directives));
            strip_components(&mut definition.directives);
            for value in definition.values.values_mut().filter(|value| !value.directives.is_empty()) {
                strip_nodes(&mut value.make_mut().directives);
            }
        }
        ExtendedType::InputObject(input) => {
            let input = input.make_mut();
            input.fields.retain(|_, field| !hiding.nodes(&field.directives));
            strip_components(&mut input.directives);
            for field in input.fields.values_mut().filter(|field| !field.directives.is_empty()) {
                strip_nodes(&mut field.make_mut().directives);
            }
        }
    }
}

type FieldMap = graphql::collections::IndexMap<Name, schema::Component<schema::FieldDefinition>>;

fn strip_fields(fields: &mut FieldMap, hiding: &Hiding) {
    fields.retain(|_, field| !hiding.nodes(&field.directives));
    for field in fields.values_mut() {
        let directed = |argument: &Node<schema::InputValueDefinition>| !argument.directives.is_empty();
        if field.directives.is_empty() && !field.arguments.iter().any(directed) {
            continue; // Nothing to strip: the field stays shared with the supergraph's schema.
        }
        let field = field.make_mut();
        field.arguments.retain(|argument| !hiding.nodes(&argument.directives));
        strip_arguments(&mut field.arguments);
        strip_nodes(&mut field.directives);
    }
}

fn strip_arguments(arguments: &mut [Node<schema::InputValueDefinition>]) {
    for argument in arguments.iter_mut().filter(|argument| !argument.directives.is_empty()) {
        strip_nodes(&mut argument.make_mut().directives);
    }
}

fn strip_components(directives: &mut schema::DirectiveList) {
    directives.0.retain(|directive| is_kept(&directive.name));
}

fn strip_nodes(directives: &mut ast::DirectiveList) {
    directives.0.retain(|directive| is_kept(&directive.name));
}
