//! What runs have found, as a file: a run replaces what it measured and leaves the rest.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::{Failure, Result, Tried};
use crate::measure::Machine;
use crate::measurement::WorkloadResult;
use crate::studies::{FormsResult, LatencyResult, OverloadResult, SoakResult, StartResult, SweepResult};

/// Everything that is known.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// By name.
    #[serde(default)]
    pub workloads: BTreeMap<String, Taken<WorkloadResult>>,
    /// How long clients wait.
    pub latency: Option<Taken<LatencyResult>>,
    /// What too much load does.
    pub overload: Option<Taken<OverloadResult>>,
    /// How long a start takes.
    pub start: Option<Taken<StartResult>>,
    /// Cost against the answer's size.
    pub sizes: Option<Taken<SweepResult>>,
    /// Cost against the number of fetches.
    pub fetches: Option<Taken<SweepResult>>,
    /// One process or several.
    pub forms: Option<Taken<FormsResult>>,
    /// Memory over a long time.
    pub soak: Option<Taken<SoakResult>>,
}

/// A result, and how it was taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Taken<T> {
    /// Where and how.
    pub how: How,
    /// What.
    pub result: T,
}

/// How results are taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct How {
    /// The machine, as it was at the start.
    pub machine: Machine,
    /// Versions of the routers.
    pub versions: String,
    /// Rounds of each router.
    pub rounds: usize,
    /// Seconds of each round.
    pub seconds: f64,
}

impl How {
    /// With this result.
    pub fn took<T>(&self, result: T) -> Taken<T> {
        Taken { how: self.clone(), result }
    }
}

impl Record {
    /// As it was written; empty if it never was.
    pub fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        parse(&std::fs::read_to_string(path).tried(format!("reading {}", path.display()))?)
    }

    /// Writes it.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut value = serde_json::to_value(self).tried("writing results")?;
        round(&mut value);
        let mut text = String::new();
        layout(&value, 0, &mut text);
        std::fs::write(path, text + "\n").tried(format!("writing {}", path.display()))
    }
}

/// Three decimals are more than anything is measured to.
fn round(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(members) => members.values_mut().for_each(round),
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().map(|number| (number * 1000.0).round() / 1000.0);
            *value = rounded.into();
        }
        _ => {}
    }
}

/// Writes a value with what holds no further list or object on a line of its own: a round is a line.
fn layout(value: &Value, depth: usize, text: &mut String) {
    let members: Vec<(Option<&String>, &Value)> = match value {
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (Some(name), member)).collect(),
        _ => Vec::new(),
    };
    if !members.iter().any(|(_, member)| member.is_array() || member.is_object()) {
        *text += &value.to_string();
        return;
    }
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    text.push(open);
    for (index, (name, member)) in members.into_iter().enumerate() {
        *text += if index == 0 { "\n" } else { ",\n" };
        *text += &"  ".repeat(depth + 1);
        if let Some(name) = name {
            *text += &format!("{}: ", Value::from(name.as_str()));
        }
        layout(member, depth + 1, text);
    }
    *text += &format!("\n{}{close}", "  ".repeat(depth));
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Failure::Usage(format!("earlier results can't be read: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_laid_out_is_read_again() {
        let value = json!({ "a": [{ "b": 1.5, "c": "x\"y" }, {}], "d": [], "e": { "f": [1, 2], "g": null } });
        let mut text = String::new();
        layout(&value, 0, &mut text);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert!(text.contains("\n    {\"b\":1.5,\"c\":\"x\\\"y\"},\n"), "{text}");
    }
}
