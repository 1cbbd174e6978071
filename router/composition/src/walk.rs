//! Visits every applied directive, every type reference and every input value of a schema, wherever they may stand.

use std::fmt::Arguments;

use federation::subgraph::Composite;
use graphql::ast::{Directive, FieldDefinition, InputValueDefinition, Type};
use graphql::schema::{DirectiveList, ExtendedType};
use graphql::{Name, Node, Schema};

/// Calls `visit` on every directive list of the type system, so that it may rename, remove or add.
pub(crate) fn directives_mut(schema: &mut Schema, visit: &mut dyn FnMut(&mut Node<Directive>)) {
    let definition = schema.schema_definition.make_mut();
    components(&mut definition.directives, visit);
    for definition in schema.directive_definitions.values_mut().filter(|definition| !definition.is_built_in()) {
        for argument in &mut definition.make_mut().arguments {
            input_value(argument.make_mut(), visit);
        }
    }
    for ty in schema.types.values_mut().filter(|ty| !ty.is_built_in()) {
        match ty {
            ExtendedType::Scalar(ty) => components(&mut ty.make_mut().directives, visit),
            ExtendedType::Union(ty) => components(&mut ty.make_mut().directives, visit),
            ExtendedType::Object(ty) => {
                let ty = ty.make_mut();
                components(&mut ty.directives, visit);
                ty.fields.values_mut().for_each(|field| output_field(field.make_mut(), visit));
            }
            ExtendedType::Interface(ty) => {
                let ty = ty.make_mut();
                components(&mut ty.directives, visit);
                ty.fields.values_mut().for_each(|field| output_field(field.make_mut(), visit));
            }
            ExtendedType::Enum(ty) => {
                let ty = ty.make_mut();
                components(&mut ty.directives, visit);
                ty.values.values_mut().for_each(|value| value.make_mut().directives.iter_mut().for_each(&mut *visit));
            }
            ExtendedType::InputObject(ty) => {
                let ty = ty.make_mut();
                components(&mut ty.directives, visit);
                ty.fields.values_mut().for_each(|field| input_value(field.make_mut(), visit));
            }
        }
    }
}

fn components(list: &mut DirectiveList, visit: &mut dyn FnMut(&mut Node<Directive>)) {
    list.iter_mut().for_each(|directive| visit(&mut directive.node));
}

fn output_field(field: &mut FieldDefinition, visit: &mut dyn FnMut(&mut Node<Directive>)) {
    field.directives.iter_mut().for_each(&mut *visit);
    field.arguments.iter_mut().for_each(|argument| input_value(argument.make_mut(), visit));
}

fn input_value(value: &mut InputValueDefinition, visit: &mut dyn FnMut(&mut Node<Directive>)) {
    value.directives.iter_mut().for_each(visit);
}

/// Calls `rename` on the named type of every field, so that references follow a renamed type.
pub(crate) fn output_types_mut(schema: &mut Schema, rename: &dyn Fn(&Name) -> Option<Name>) {
    for ty in schema.types.values_mut().filter(|ty| !ty.is_built_in()) {
        let fields = match ty {
            ExtendedType::Object(ty) => &mut ty.make_mut().fields,
            ExtendedType::Interface(ty) => &mut ty.make_mut().fields,
            ExtendedType::Union(ty) => {
                let ty = ty.make_mut();
                let members = std::mem::take(&mut ty.members);
                ty.members = members
                    .into_iter()
                    .map(|mut member| {
                        if let Some(name) = rename(&member.name) {
                            member.name = name;
                        }
                        member
                    })
                    .collect();
                continue;
            }
            _ => continue,
        };
        for field in fields.values_mut() {
            if let Some(name) = rename(field.ty.inner_named_type()) {
                replace_named(&mut field.make_mut().ty, &name);
            }
        }
    }
}

/// Replaces the innermost name of a type.
pub(crate) fn replace_named(ty: &mut Type, name: &Name) {
    let mut inner = ty;
    loop {
        match inner {
            Type::Named(named) | Type::NonNullNamed(named) => {
                *named = name.clone();
                return;
            }
            Type::List(item) | Type::NonNullList(item) => inner = item,
        }
    }
}

/// An argument or input field, in words.
pub(crate) struct InputPlace<'a> {
    /// `argument` or `input field`.
    pub(crate) kind: &'static str,
    /// `Type.field(argument:)`, `@directive(argument:)` or `Type.field`.
    pub(crate) coordinate: Arguments<'a>,
}

/// Calls `visit` on every argument and input field that the schema defines: of types, then of directives.
pub(crate) fn input_values(schema: &Schema, visit: &mut dyn FnMut(&InputPlace<'_>, &Node<InputValueDefinition>)) {
    let mut one = |kind, coordinate: Arguments<'_>, value: &Node<InputValueDefinition>| {
        visit(&InputPlace { kind, coordinate }, value);
    };
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        for field in Composite::of(ty).into_iter().flat_map(|composite| composite.fields.values()) {
            for argument in &field.arguments {
                one("argument", format_args!("{}.{}({}:)", ty.name(), field.name, argument.name), argument);
            }
        }
        if let ExtendedType::InputObject(input) = ty {
            for field in input.fields.values() {
                one("input field", format_args!("{}.{}", input.name, field.name), field);
            }
        }
    }
    for definition in schema.directive_definitions.values().filter(|definition| !definition.is_built_in()) {
        for argument in &definition.arguments {
            one("argument", format_args!("@{}({}:)", definition.name, argument.name), argument);
        }
    }
}

/// The names of all directives applied anywhere in the type system.
pub(crate) fn applied_names(schema: &Schema) -> graphql::collections::IndexSet<String> {
    let mut names = graphql::collections::IndexSet::default();
    let mut add = |directive: &Node<Directive>| {
        if !names.contains(directive.name.as_str()) {
            names.insert(directive.name.to_string());
        }
    };
    schema.schema_definition.directives.iter().for_each(|directive| add(directive));
    for definition in schema.directive_definitions.values().filter(|definition| !definition.is_built_in()) {
        definition.arguments.iter().flat_map(|argument| argument.directives.iter()).for_each(&mut add);
    }
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        ty.directives().iter().for_each(|directive| add(directive));
        if let Some(composite) = Composite::of(ty) {
            for field in composite.fields.values() {
                field.directives.iter().for_each(&mut add);
                field.arguments.iter().flat_map(|argument| argument.directives.iter()).for_each(&mut add);
            }
        }
        match ty {
            ExtendedType::Enum(ty) => ty.values.values().flat_map(|value| value.directives.iter()).for_each(&mut add),
            ExtendedType::InputObject(ty) => {
                ty.fields.values().flat_map(|field| field.directives.iter()).for_each(&mut add);
            }
            _ => {}
        }
    }
    names
}
