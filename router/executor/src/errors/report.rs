//! Errors that a subgraph reports: read, filtered, and their paths split off for mapping.

use federation::{SubgraphId, Supergraph};
use graphql::json::{self, JsonLimits, Value};

use super::message::{service_extension, subgraph};
use crate::policy::{ErrorPolicy, Messages};

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
pub fn reported(supergraph: &Supergraph, id: SubgraphId, policy: &ErrorPolicy, errors: &[u8]) -> Vec<Reported> {
    let parsed = json::parse(errors, &JsonLimits { depth_max: DEPTH_MAX });
    let entries = match parsed {
        Ok(Value::Array(entries)) => entries,
        Ok(other) => vec![other],
        Err(_) => vec![Value::Null],
    };
    let one = |entry: Value| {
        let Value::Object(mut entry) = entry else { return generic(supergraph, id, policy) };
        let message = match entry.shift_remove("message") {
            Some(Value::String(message)) if policy.messages == Messages::Pass => message,
            _ => subgraph::reported(supergraph, id, policy),
        };
        let path = match entry.shift_remove("path") {
            Some(Value::Array(path)) => Some(path),
            _ => None,
        };
        let given = match entry.shift_remove("extensions") {
            Some(Value::Object(given)) => given,
            _ => json::Object::new(),
        };
        Reported { message, path, extensions: extensions(supergraph, id, policy, given) }
    };
    entries.into_iter().take(REPORTED_MAX).map(one).collect()
}

fn generic(supergraph: &Supergraph, id: SubgraphId, policy: &ErrorPolicy) -> Reported {
    Reported {
        message: subgraph::reported(supergraph, id, policy),
        path: None,
        extensions: extensions(supergraph, id, policy, json::Object::new()),
    }
}

fn extensions(
    supergraph: &Supergraph,
    id: SubgraphId,
    policy: &ErrorPolicy,
    mut given: json::Object,
) -> Vec<(String, Value)> {
    let mut extensions: Vec<(String, Value)> = policy
        .extensions
        .iter()
        .filter_map(|name| given.shift_remove(name).map(|value| (name.clone(), value)))
        .collect();
    if !extensions.iter().any(|(name, _)| name == "code") {
        extensions.push(("code".to_owned(), Value::String("DOWNSTREAM_SERVICE_ERROR".to_owned())));
    }
    if !extensions.iter().any(|(name, _)| name == "service") {
        extensions.extend(service_extension(supergraph, id, policy));
    }
    extensions
}
