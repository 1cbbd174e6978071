//! Arguments and directives as compact GraphQL text.

use graphql::Name;
use graphql::ast::Value;
use indexmap::IndexSet;

use crate::operation::Applied;

/// Writes arguments in parentheses; nothing if there are none.
pub fn write_arguments(arguments: &[(Name, Value)], variables: &mut IndexSet<Name>, out: &mut String) {
    if arguments.is_empty() {
        return;
    }
    for (index, (name, value)) in arguments.iter().enumerate() {
        out.push(if index == 0 { '(' } else { ',' });
        out.push_str(name);
        out.push(':');
        write(value, variables, out);
    }
    out.push(')');
}

/// Writes directives, each with a space before it.
pub fn write_directives(directives: &[Applied], variables: &mut IndexSet<Name>, out: &mut String) {
    for Applied { name, arguments } in directives {
        out.push_str(" @");
        out.push_str(name);
        write_arguments(arguments, variables, out);
    }
}

/// Writes a value, and notes the variables in it. Recursion is bounded by the parser's own limit.
pub fn write(value: &Value, variables: &mut IndexSet<Name>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Enum(name) => out.push_str(name),
        Value::Variable(name) => {
            variables.insert(name.clone());
            out.push('$');
            out.push_str(name);
        }
        Value::String(text) => write_string(text, out),
        Value::Float(number) => out.push_str(number.as_str()),
        Value::Int(number) => out.push_str(number.as_str()),
        Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, variables, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(name);
                out.push(':');
                write(value, variables, out);
            }
            out.push('}');
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
