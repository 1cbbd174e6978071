//! Reading the arguments of applied directives. Never fails: an argument of another kind counts as absent.

use graphql::Name;
use graphql::ast::{Directive, Value};

/// The argument's value as written.
pub fn value<'a>(directive: &'a Directive, name: &str) -> Option<&'a Value> {
    directive.arguments.iter().find(|argument| argument.name == name).map(|argument| argument.value.as_ref())
}

/// A string argument.
pub fn string<'a>(directive: &'a Directive, name: &str) -> Option<&'a str> {
    value(directive, name).and_then(Value::as_str)
}

/// An enum argument.
pub fn enum_value<'a>(directive: &'a Directive, name: &str) -> Option<&'a Name> {
    match value(directive, name)? {
        Value::Enum(name) => Some(name),
        _ => None,
    }
}

/// Whether a boolean argument is there and true.
pub fn is_true(directive: &Directive, name: &str) -> bool {
    matches!(value(directive, name), Some(Value::Boolean(true)))
}

/// Whether a boolean argument is there and false.
pub fn is_false(directive: &Directive, name: &str) -> bool {
    matches!(value(directive, name), Some(Value::Boolean(false)))
}
