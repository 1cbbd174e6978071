//! Errors that a subgraph reports: read, filtered, and their paths split off for mapping.

use graphql::json::{self, JsonLimits, Kind, Scanner, Value};

use super::Shown;
use crate::read;

/// Errors looked at in one answer.
pub const REPORTED_MAX: usize = 1_000;
/// Nested levels of an error's extensions.
const DEPTH_MAX: usize = 64;
/// Bytes of one error that are looked at: each may be told at several positions, and people read it. A longer one says no
/// more than that there was an error.
const ENTRY_BYTES_MAX: usize = 64 * 1024;

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
    entries(errors).into_iter().map(|entry| read(subgraph, entry)).collect()
}

fn read(subgraph: Shown<'_>, text: &[u8]) -> Reported {
    let parsed = match text.len() {
        0..=ENTRY_BYTES_MAX => json::parse(text, &JsonLimits { depth_max: DEPTH_MAX }).ok(),
        _ => None,
    };
    // What is no object says no more than that there was an error.
    let mut entry = if let Some(Value::Object(entry)) = parsed { entry } else { json::Object::new() };
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
}

/// The texts of the entries, without those beyond [`REPORTED_MAX`]; of what is no list, the whole.
fn entries(errors: &[u8]) -> Vec<&[u8]> {
    let mut scanner = Scanner::resume(errors);
    if scanner.peek() != Ok(Kind::Array) {
        return vec![errors];
    }
    let mut entries = Vec::new();
    scanner.enter();
    let mut more = scanner.array_first();
    while more == Ok(true) && entries.len() < REPORTED_MAX {
        let Ok(span) = scanner.value(read::DEPTH_MAX) else { break };
        entries.push(scanner.slice(span));
        more = scanner.array_next();
    }
    if entries.is_empty() { vec![errors] } else { entries }
}
