//! Checks a configuration document against the schema: every finding at once, each with its place.

use std::net::SocketAddr;

use super::finding::{ConfigError, Place};
use super::located::{Located, Node};
use super::schema::View;

/// Nesting that a configuration can have; deeper documents are refused by the schema anyway.
const DEPTH_MAX: usize = 16;

/// Adds what is wrong with `value` to `findings`. `path` is where it stands, such as `server.listen`.
pub(super) fn validate(value: &Located, schema: View<'_>, path: &str, findings: &mut Vec<ConfigError>) {
    check(value, schema, path, DEPTH_MAX, findings);
}

fn check(value: &Located, schema: View<'_>, path: &str, depth: usize, findings: &mut Vec<ConfigError>) {
    let types = schema.types();
    if depth == 0 {
        findings.push(ConfigError::new(path, value.place, "is nested too deeply"));
        return;
    }
    match &value.node {
        Node::Map(entries) if types.contains(&"object") => {
            for (key, entry) in entries {
                let below = join(path, key);
                match schema.member(key) {
                    Some(member) => check(&entry.value, member, &below, depth - 1, findings),
                    None => findings.push(unknown_key(key, &below, entry.place, schema)),
                }
            }
        }
        Node::List(items) if types.contains(&"array") => {
            for (index, item) in items.iter().enumerate() {
                if let Some(schema) = schema.items() {
                    check(item, schema, &format!("{path}[{index}]"), depth - 1, findings);
                }
            }
        }
        Node::Scalar(scalar) => check_scalar(scalar, schema, path, value.place, findings),
        Node::Map(_) | Node::List(_) => findings.push(wrong_type(path, value.place, &types)),
    }
}

fn check_scalar(
    scalar: &serde_json::Value,
    schema: View<'_>,
    path: &str,
    place: Option<Place>,
    findings: &mut Vec<ConfigError>,
) {
    let types = schema.types();
    let fits = match scalar {
        // A section or list whose keys are all commented out reads as null: the defaults.
        serde_json::Value::Null => types.iter().any(|kind| matches!(*kind, "null" | "object" | "array")),
        serde_json::Value::Bool(_) => types.contains(&"boolean"),
        serde_json::Value::Number(number) => {
            types.contains(&"number") || (types.contains(&"integer") && !number.is_f64())
        }
        serde_json::Value::String(_) => types.contains(&"string"),
        _ => false,
    };
    if !fits {
        findings.push(wrong_type(path, place, &types));
        return;
    }
    if let Some(number) = scalar.as_f64() {
        let low = schema.bound("minimum").filter(|bound| bound.as_f64().is_some_and(|bound| number < bound));
        let high = schema.bound("maximum").filter(|bound| bound.as_f64().is_some_and(|bound| number > bound));
        if let Some(bound) = low {
            findings.push(ConfigError::new(path, place, format!("must be at least {bound}")));
        } else if let Some(bound) = high {
            findings.push(ConfigError::new(path, place, format!("must be at most {bound}")));
        }
    }
    if let Some(text) = scalar.as_str()
        && schema.is_address()
        && text.parse::<SocketAddr>().is_err()
    {
        let message = format!("is \"{text}\"; expected an address and a port such as 127.0.0.1:4000");
        findings.push(ConfigError::new(path, place, message));
    }
    if let (Some(word), words) = (scalar.as_str(), schema.words())
        && !words.is_empty()
        && !words.contains(&word)
    {
        let message = format!("is \"{word}\"; expected one of {}", words.join(", "));
        findings.push(ConfigError::new(path, place, message).suggest(nearest(word, words.iter().copied())));
    }
}

/// A key that the schema of a section doesn't have.
pub(super) fn unknown_key(key: &str, path: &str, place: Option<Place>, schema: View<'_>) -> ConfigError {
    let known: Vec<&str> = schema.properties().map(|(name, _)| name.as_str()).collect();
    match nearest(key, known.iter().copied()) {
        None if known.is_empty() => ConfigError::new(path, place, "is not a known key; none is known here"),
        None => ConfigError::new(path, place, format!("is not a known key; known are {}", known.join(", "))),
        meant => ConfigError::new(path, place, "is not a known key").suggest(meant),
    }
}

fn wrong_type(path: &str, place: Option<Place>, types: &[&str]) -> ConfigError {
    let names: Vec<_> = types
        .iter()
        .filter(|kind| **kind != "null")
        .map(|kind| match *kind {
            "object" => "a section",
            "array" => "a list",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "true or false",
            _ => "a string",
        })
        .collect();
    ConfigError::new(path, place, format!("must be {}", names.join(" or ")))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The name that was probably meant, if one is near enough.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let far = (word.chars().count() / 3).max(2);
    names
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, _)| *distance <= far)
        .min()
        .map(|(_, name)| name.to_owned())
}
