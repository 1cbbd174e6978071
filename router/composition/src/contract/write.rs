//! Marks hidden elements `@inaccessible`, and links that specification where the supergraph doesn't yet.

use graphql::ast::{self, Directive};
use graphql::schema::{self, Component, ExtendedType};
use graphql::{Name, Node, Schema};

use super::hidden::Hidden;
use crate::merge::header;

/// Marks everything hidden that isn't marked yet.
pub(super) fn mark(schema: &mut Schema, hidden: &Hidden) {
    if hidden.types.is_empty() && hidden.members.is_empty() && hidden.arguments.is_empty() {
        return;
    }
    let linked = hidden.inaccessible_name().and_then(|name| Name::new(name).ok());
    let name = linked.unwrap_or_else(|| header::link_inaccessible(schema));
    let marker = Marker { hidden, directive: Node::new(Directive { name, arguments: Vec::new() }) };
    for (name, ty) in &mut schema.types {
        if hidden.types.contains(name) {
            marker.mark_type(ty);
        }
        marker.mark_members(name, ty);
    }
}

struct Marker<'a> {
    hidden: &'a Hidden,
    directive: Node<Directive>,
}

impl Marker<'_> {
    fn mark_type(&self, ty: &mut ExtendedType) {
        let directives = match ty {
            ExtendedType::Scalar(ty) => &mut ty.make_mut().directives,
            ExtendedType::Object(ty) => &mut ty.make_mut().directives,
            ExtendedType::Interface(ty) => &mut ty.make_mut().directives,
            ExtendedType::Union(ty) => &mut ty.make_mut().directives,
            ExtendedType::Enum(ty) => &mut ty.make_mut().directives,
            ExtendedType::InputObject(ty) => &mut ty.make_mut().directives,
        };
        if !self.hidden.is_marked(&directives.0) {
            directives.push(Component::from(self.directive.clone()));
        }
    }

    fn mark_members(&self, name: &Name, ty: &mut ExtendedType) {
        let hides = |member: &Name| self.hidden.members.contains(&(name.clone(), member.clone()));
        match ty {
            ExtendedType::Object(ty) => self.mark_fields(name, &mut ty.make_mut().fields),
            ExtendedType::Interface(ty) => self.mark_fields(name, &mut ty.make_mut().fields),
            ExtendedType::Enum(ty) => {
                for (_, value) in ty.make_mut().values.iter_mut().filter(|(value, _)| hides(value)) {
                    self.mark_part(&mut value.make_mut().directives);
                }
            }
            ExtendedType::InputObject(ty) => {
                for (_, field) in ty.make_mut().fields.iter_mut().filter(|(field, _)| hides(field)) {
                    self.mark_part(&mut field.make_mut().directives);
                }
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }

    fn mark_fields(&self, ty: &Name, fields: &mut Fields) {
        for (name, field) in fields {
            let field = field.make_mut();
            if self.hidden.members.contains(&(ty.clone(), name.clone())) {
                self.mark_part(&mut field.directives);
            }
            for argument in &mut field.arguments {
                if self.hidden.arguments.contains(&(ty.clone(), name.clone(), argument.name.clone())) {
                    self.mark_part(&mut argument.make_mut().directives);
                }
            }
        }
    }

    fn mark_part(&self, directives: &mut ast::DirectiveList) {
        if !self.hidden.is_marked(&directives.0) {
            directives.push(self.directive.clone());
        }
    }
}

type Fields = graphql::collections::IndexMap<Name, Component<schema::FieldDefinition>>;
