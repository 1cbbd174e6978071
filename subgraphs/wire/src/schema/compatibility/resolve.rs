//! A schema with its references followed and its spelling made plain, so that two that mean the same look the same.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// References followed one after another; real ones end after one.
const REFERENCES_MAX: usize = 8;
/// Keywords that say nothing about what is allowed.
const ANNOTATIONS: [&str; 9] =
    ["$comment", "$defs", "$id", "$schema", "deprecated", "description", "examples", "readOnly", "title"];

/// What a schema says, without annotations; `None` if a reference leads nowhere, outside or in circles. A keyword that stands
/// beside a reference and behind it with other contents can't be put together, and is `None` too.
pub(super) fn resolve(root: &Value, schema: &Value) -> Option<Map<String, Value>> {
    let mut plain = Map::new();
    let mut schema = schema;
    for _ in 0..REFERENCES_MAX {
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(true) => return Some(plain),
            Value::Bool(false) => {
                plain.insert("not".to_owned(), json!({}));
                return Some(plain);
            }
            _ => return None,
        };
        for (keyword, value) in keywords {
            if is_annotation(keyword) || keyword == "$ref" {
                continue;
            }
            if plain.insert(keyword.clone(), value.clone()).is_some_and(|earlier| earlier != *value) {
                return None;
            }
        }
        match keywords.get("$ref") {
            None => return Some(with_values_as_enum(plain)),
            Some(reference) => schema = root.pointer(reference.as_str()?.strip_prefix('#')?)?,
        }
    }
    None
}

/// A choice of constants, each described, is an enumeration, and so is a single constant; an enumeration's values say of which
/// types they are.
fn with_values_as_enum(mut plain: Map<String, Value>) -> Map<String, Value> {
    let values: Option<Vec<Value>> = match (plain.get("enum"), plain.get("oneOf"), plain.get("const")) {
        (Some(Value::Array(values)), None, None) => Some(values.clone()),
        (None, Some(Value::Array(choices)), None) => choices.iter().map(constant).collect(),
        (None, None, Some(value)) => Some(vec![value.clone()]),
        _ => None,
    };
    if let Some(values) = values {
        let types: BTreeSet<&str> = values.iter().map(type_of).collect();
        plain.insert("type".to_owned(), types.into_iter().collect());
        plain.insert("enum".to_owned(), Value::Array(values));
        plain.remove("oneOf");
        plain.remove("const");
    }
    plain
}

/// The value of a schema that allows a single one and says no more.
fn constant(schema: &Value) -> Option<Value> {
    let keywords = schema.as_object()?;
    let is_known = |keyword: &String| matches!(keyword.as_str(), "const" | "type") || is_annotation(keyword);
    keywords.get("const").filter(|_| keywords.keys().all(is_known)).cloned()
}

fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
