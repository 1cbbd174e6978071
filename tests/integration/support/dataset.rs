//! Data behind data-driven subgraphs: what a subgraph knows, as data instead of resolvers.
//!
//! The format is described in `tests/fixtures/federation-cases/README.md`. A dataset belongs to one subgraph: what
//! another one knows it must be asked for.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The member that marks a reference: `{"__ref": "User/1"}`.
pub const REFERENCE: &str = "__ref";
/// The member that marks a table of values: `{"__cases": [{"arguments": {…}, "given": {…}, "value": …}]}`.
pub const CASES: &str = "__cases";
/// The member that marks a counter: `{"__counter": {"operation": "add", "of": "requestId", "by": "num"}}`.
pub const COUNTER: &str = "__counter";

/// The member that marks a text which its arguments are written behind: `{"__echo": "name"}`.
pub const ECHO: &str = "__echo";

/// What one subgraph knows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Objects by type and name. The name serves references alone; entities are found by their keys.
    #[serde(default)]
    pub records: BTreeMap<String, BTreeMap<String, Map<String, Value>>>,
    /// Values by coordinate (`Query.products`, `Product.inStock`) for objects that have no such member themselves.
    #[serde(default)]
    pub fields: BTreeMap<String, Value>,
    /// What goes wrong, by field (`Product.price`), record (`Product/p1`) or field of a record (`Product/p1.price`).
    #[serde(default)]
    pub switches: BTreeMap<String, Switch>,
}

/// Something that goes wrong on purpose.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Null, with an error of this message.
    Error(String),
    /// Null, without an error.
    Null,
    /// Left out of the answer, without an error; of a record, null.
    Absent,
    /// The right value, but the whole answer is held back that long. Milliseconds.
    SlowMs(u64),
}

/// A record: its type, its name and its members.
pub type Record<'a> = (&'a str, &'a str, &'a Map<String, Value>);

impl Dataset {
    /// What goes wrong with a field of a type, or of one record of it.
    pub fn switch(&self, ty: &str, record: Option<&str>, field: &str) -> Option<&Switch> {
        let of_record = record.and_then(|record| self.switches.get(&format!("{ty}/{record}.{field}")));
        of_record.or_else(|| self.switches.get(&format!("{ty}.{field}")))
    }

    /// The record that a reference names.
    pub fn record(&self, reference: &str) -> Option<Record<'_>> {
        let (ty, name) = reference.split_once('/')?;
        let (ty, records) = self.records.get_key_value(ty)?;
        let (name, members) = records.get_key_value(name)?;
        Some((ty, name, members))
    }

    /// The record behind a value if that is a reference, else the value's own members.
    pub fn members<'a>(&'a self, value: &'a Value) -> Option<&'a Map<String, Value>> {
        let object = value.as_object()?;
        match object.get(REFERENCE).and_then(Value::as_str) {
            Some(reference) => self.record(reference).map(|(_, _, members)| members),
            None => Some(object),
        }
    }
}

impl Switch {
    /// How long the answer is held back.
    pub fn delay(&self) -> Duration {
        match self {
            Self::SlowMs(milliseconds) => Duration::from_millis(*milliseconds),
            Self::Error(_) | Self::Null | Self::Absent => Duration::ZERO,
        }
    }
}

/// A key value as text: `1` and `"1"` name the same entity.
pub fn key_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a value has all that a pattern has: objects may have more members; lists are as long; `1` is `1.0`.
pub fn contains(value: &Value, pattern: &Value) -> bool {
    match (value, pattern) {
        (Value::Object(value), Value::Object(pattern)) => {
            pattern.iter().all(|(name, pattern)| value.get(name).is_some_and(|value| contains(value, pattern)))
        }
        (Value::Array(value), Value::Array(pattern)) => {
            value.len() == pattern.len() && value.iter().zip(pattern).all(|(value, pattern)| contains(value, pattern))
        }
        (Value::Number(value), Value::Number(pattern)) => value.as_f64() == pattern.as_f64(),
        (value, pattern) => value == pattern,
    }
}

/// A text with arguments behind it, as JSON with sorted keys. It is the same text in `tests/oracle/monolith.mjs`.
pub fn echo(text: &str, arguments: &Value) -> Value {
    if arguments.as_object().is_some_and(Map::is_empty) {
        json!(text)
    } else {
        json!(format!("{text}{}", sorted(arguments)))
    }
}

fn sorted(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<&String, &Value> = members.iter().collect();
            let members = members.into_iter().map(|(name, value)| format!("{}:{}", json!(name), sorted(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(",")),
        leaf => leaf.to_string(),
    }
}
