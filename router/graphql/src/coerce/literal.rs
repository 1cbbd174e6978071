//! Literals of GraphQL as JSON.

use apollo_compiler::ast;

use crate::json;

/// A constant as JSON: enum values become strings, numbers keep their text. Variables, which constants have none
/// of, become null.
pub fn literal_to_json(literal: &ast::Value) -> json::Value {
    match literal {
        ast::Value::Null | ast::Value::Variable(_) => json::Value::Null,
        ast::Value::Enum(name) => json::Value::String(name.to_string()),
        ast::Value::String(text) => json::Value::String(text.clone()),
        ast::Value::Int(number) => json::Value::Number(number.as_str().into()),
        ast::Value::Float(number) => json::Value::Number(number.as_str().into()),
        ast::Value::Boolean(value) => json::Value::Bool(*value),
        ast::Value::List(items) => json::Value::Array(items.iter().map(|item| literal_to_json(item)).collect()),
        ast::Value::Object(members) => json::Value::Object(
            members.iter().map(|(name, value)| (name.to_string(), literal_to_json(value))).collect(),
        ),
    }
}
