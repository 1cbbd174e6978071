//! Object and interface types under one view, since nearly every rule treats them alike.

use graphql::Name;
use graphql::Node;
use graphql::collections::{IndexMap, IndexSet};
use graphql::schema::{Component, ComponentName, DirectiveList, ExtendedType, FieldDefinition};

/// An object or interface type.
#[derive(Clone, Copy, Debug)]
pub struct Composite<'a> {
    /// Its name.
    pub name: &'a Name,
    /// Its description.
    pub description: Option<&'a Node<str>>,
    /// The interfaces it implements.
    pub implements: &'a IndexSet<ComponentName>,
    /// Its directives.
    pub directives: &'a DirectiveList,
    /// Its fields.
    pub fields: &'a IndexMap<Name, Component<FieldDefinition>>,
}

impl<'a> Composite<'a> {
    /// The view of a type that has fields; `None` for others.
    pub fn of(ty: &'a ExtendedType) -> Option<Self> {
        match ty {
            ExtendedType::Object(object) => Some(Self {
                name: &object.name,
                description: object.description.as_ref(),
                implements: &object.implements_interfaces,
                directives: &object.directives,
                fields: &object.fields,
            }),
            ExtendedType::Interface(interface) => Some(Self {
                name: &interface.name,
                description: interface.description.as_ref(),
                implements: &interface.implements_interfaces,
                directives: &interface.directives,
                fields: &interface.fields,
            }),
            _ => None,
        }
    }

    /// The fields of a type, to be changed; `None` for types without fields.
    pub fn fields_mut(ty: &mut ExtendedType) -> Option<&mut IndexMap<Name, Component<FieldDefinition>>> {
        match ty {
            ExtendedType::Object(object) => Some(&mut object.make_mut().fields),
            ExtendedType::Interface(interface) => Some(&mut interface.make_mut().fields),
            _ => None,
        }
    }

    /// The directives of a type that has fields, to be changed; `None` for others.
    pub fn directives_mut(ty: &mut ExtendedType) -> Option<&mut DirectiveList> {
        match ty {
            ExtendedType::Object(object) => Some(&mut object.make_mut().directives),
            ExtendedType::Interface(interface) => Some(&mut interface.make_mut().directives),
            _ => None,
        }
    }
}
