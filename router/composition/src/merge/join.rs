//! Builds applications of the join vocabulary.

use federation::subgraph::{Key, print_field_set};
use graphql::ast::{Argument, Directive, Value};
use graphql::{Name, Node, SourceSpan};

/// A directive application from its name and arguments.
pub(crate) fn directive(name: &'static str, arguments: Vec<(&'static str, Value)>) -> Directive {
    Directive { name: fixed(name), arguments: self::arguments(arguments) }
}

/// Arguments from their names and values.
pub(crate) fn arguments(list: Vec<(&'static str, Value)>) -> Vec<Node<Argument>> {
    list.into_iter().map(|(name, value)| Argument { name: fixed(name), value: value.into() }.into()).collect()
}

/// A merged node that points at the first of its sources, for findings of the supergraph's own validation.
pub(crate) fn placed<T>(node: T, location: Option<SourceSpan>) -> Node<T> {
    match location {
        Some(location) => Node::new_parsed(node, location),
        None => Node::new(node),
    }
}

/// A name written in this crate, valid by construction.
pub(crate) fn fixed(name: &'static str) -> Name {
    Name::new_unchecked(name)
}

/// `join__type` applications of a type in one subgraph: one a key, or one without.
pub(crate) fn types(graph: &Name, keys: &[Key], interface_object: InterfaceObject) -> Vec<Directive> {
    let base = || vec![("graph", Value::Enum(graph.clone()))];
    let finish = |mut arguments: Vec<(&'static str, Value)>| {
        if interface_object == InterfaceObject::Yes {
            arguments.push(("isInterfaceObject", Value::Boolean(true)));
        }
        directive("join__type", arguments)
    };
    if keys.is_empty() {
        return vec![finish(base())];
    }
    let with_key = |key: &Key| {
        let mut arguments = base();
        arguments.push(("key", Value::String(print_field_set(&key.selections))));
        if key.on_extension {
            arguments.push(("extension", Value::Boolean(true)));
        }
        if !key.resolvable {
            arguments.push(("resolvable", Value::Boolean(false)));
        }
        finish(arguments)
    };
    keys.iter().map(with_key).collect()
}

/// Whether a subgraph knows an interface as an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum InterfaceObject {
    Yes,
    No,
}

/// `@join__type(graph:)` alone.
pub(crate) fn plain_type(graph: &Name) -> Directive {
    directive("join__type", vec![("graph", Value::Enum(graph.clone()))])
}

/// `@join__implements`.
pub(crate) fn implements(graph: &Name, interface: &Name) -> Directive {
    let interface = Value::String(interface.to_string());
    directive("join__implements", vec![("graph", Value::Enum(graph.clone())), ("interface", interface)])
}

/// `@join__unionMember`.
pub(crate) fn union_member(graph: &Name, member: &Name) -> Directive {
    let member = Value::String(member.to_string());
    directive("join__unionMember", vec![("graph", Value::Enum(graph.clone())), ("member", member)])
}

/// `@join__enumValue`.
pub(crate) fn enum_value(graph: &Name) -> Directive {
    directive("join__enumValue", vec![("graph", Value::Enum(graph.clone()))])
}
