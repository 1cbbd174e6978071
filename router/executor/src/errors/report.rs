//! Errors that a subgraph reports: read, filtered, and their paths split off for mapping.

use graphql::json::{self, JsonLimits, Value};

use super::Shown;

/// Errors looked at in one answer.
const REPORTED_MAX: usize = 1_000;
/// Nested levels of an error's extensions.
const DEPTH_MAX: usize = 64;

/// An error as a subgraph reported it, ready but for its path.
#[derive(Debug)]
pub struct Reported {
    /// For people.
    pub message: String,
    /// The subgraph's path; `None` if it gave none or no list.
    pub path: Option<Vec<Value>>,
    /// What may be passed on, with ours where the subgraph gave none.
    pub extensions: Vec<(String, Value)>,
}

/// Reads the member `errors` of an answer. Whatever stands there, at least one comes of it.
pub fn reported(subgraph: Shown<'_>, errors: &[u8]) -> Vec<Reported> {
    let parsed = json::parse(errors, &JsonLimits { depth_max: DEPTH_MAX });
    let entries = match parsed {
        Ok(Value::Array(entries)) => entries,
        Ok(other) => vec![other],
        Err(_) => vec![Value::Null],
    };
    let one = |entry: Value| {
        // What is no object says no more than that there was an error.
        let mut entry = if let Value::Object(entry) = entry { entry } else { json::Object::new() };
        let message = match entry.shift_remove("message") {
            Some(Value::String(message)) => Some(message),
            _ => None,
        };
        let path = match entry.shift_remove("path") {
            Some(Value::Array(path)) => Some(path),
            _ => None,
        };
        let given = match entry.shift_remove("extensions") {
            Some(Value::Object(given)) => given,
            _ => json::Object::new(),
        };
        Reported { message: subgraph.reported(message), path, extensions: subgraph.extensions(given) }
    };
    entries.into_iter().take(REPORTED_MAX).map(one).collect()
}
