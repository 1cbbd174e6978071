//! Two answers compared: data to the byte; of errors one at each null that shouldn't be, or below it, or, where a whole
//! fetch is at fault, above it; none twice, and none where nothing is amiss.

use serde_json::Value;
use serde_json::value::RawValue;

use super::monolith::{Answered, Loss, Losses};

/// So many errors the router shows by default (`errors.entries_max`), and how many there are besides.
const ERRORS_SHOWN: usize = 500;

#[derive(serde::Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    errors: Vec<Value>,
}

/// What differs between the monolith's answer and the router's. `truth` is the data if nothing had been lost.
pub fn differences(expected: &Answered, truth: &Value, lost: &Losses, body: &[u8]) -> Vec<String> {
    let Ok(body) = serde_json::from_slice::<Body<'_>>(body) else { return vec!["no JSON".to_owned()] };
    let mut wrong = Vec::new();
    let data = body.data.map_or("null", RawValue::get);
    if data != expected.data {
        wrong.push("other data".to_owned());
    }
    let mut paths: Vec<String> = Vec::new();
    let mut omitted = 0;
    for error in &body.errors {
        if let Some(count) = count_omitted(error).filter(|_| omitted == 0 && body.errors.len() > ERRORS_SHOWN) {
            omitted = count;
            continue;
        }
        let Some(steps) = error["path"].as_array() else {
            wrong.push(format!("an error without a path: {error}"));
            continue;
        };
        let path: String =
            steps.iter().map(|step| format!("/{}", step.as_str().map_or(step.to_string(), str::to_owned))).collect();
        if paths.contains(&path) {
            wrong.push(format!("two errors at {path}"));
        }
        paths.push(path);
    }
    let mut nulls = Vec::new();
    if let Ok(data) = serde_json::from_str(data) {
        unexpected(truth, &data, &mut String::new(), &mut nulls);
        // What is null anyway may have failed too.
        let failed = lost.iter().filter(|(path, why)| **why == Loss::Error && is_null(&data, path));
        nulls.extend(failed.map(|(path, _)| path.clone()).collect::<Vec<_>>());
        // What no client may see is an error in the whole data, too.
        nulls.extend(expected.errors.iter().filter_map(|error| null_on_the_way(&data, &error["path"])));
        nulls.sort();
        nulls.dedup();
    }
    let is_untold = |null: &&String| {
        let is_told = paths.iter().any(|path| within(path, null) || within(null, path));
        !is_told && lost.get(*null) != Some(&Loss::Null)
    };
    let untold: Vec<&String> = nulls.iter().filter(is_untold).collect();
    if untold.len() > omitted {
        wrong.extend(untold.into_iter().map(|null| format!("no error tells of the null at {null:?}")));
    }
    for path in &paths {
        if !nulls.iter().any(|null| within(path, null) || within(null, path)) {
            wrong.push(format!("an error at {path}, where nothing is amiss"));
        }
    }
    wrong
}

/// What an answer of which anything may be lost has that is not true: each value is the right one, or null, or missing with
/// the part that it would have come with.
pub fn untrue(truth: &Value, body: &[u8]) -> Vec<String> {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return vec!["no JSON".to_owned()] };
    let mut wrong = Vec::new();
    others(truth, &body["data"], &mut String::new(), &mut wrong);
    wrong
}

fn others(truth: &Value, data: &Value, path: &mut String, wrong: &mut Vec<String>) {
    let before = path.len();
    match (truth, data) {
        (_, Value::Null) => {}
        (Value::Object(truth), Value::Object(data)) => {
            for (key, data) in data {
                path.push_str(&format!("/{key}"));
                match truth.get(key) {
                    Some(truth) => others(truth, data, path, wrong),
                    None => wrong.push(format!("a value at {path} that nobody asked for")),
                }
                path.truncate(before);
            }
        }
        (Value::Array(truth), Value::Array(data)) if truth.len() == data.len() => {
            for (index, (truth, data)) in truth.iter().zip(data).enumerate() {
                path.push_str(&format!("/{index}"));
                others(truth, data, path, wrong);
                path.truncate(before);
            }
        }
        (truth, data) if truth == data => {}
        _ => wrong.push(format!("another value at {path}")),
    }
}

/// How many errors more there are, if an error tells that.
fn count_omitted(error: &Value) -> Option<usize> {
    (error["extensions"]["code"] == "ERRORS_OMITTED").then_some(())?;
    error["message"].as_str()?.split(' ').next()?.parse().ok()
}

/// Whether null stands at a path itself.
fn is_null(data: &Value, path: &str) -> bool {
    data.pointer(path).is_some_and(Value::is_null)
}

/// Where null stands on the way to an error.
fn null_on_the_way(data: &Value, path: &Value) -> Option<String> {
    let (mut at, mut way) = (data, String::new());
    for step in path.as_array().into_iter().flatten() {
        if at.is_null() {
            break;
        }
        let step = step.as_str().map_or_else(|| step.to_string(), str::to_owned);
        way.push('/');
        way.push_str(&step);
        at = match at {
            Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index))?,
            at => at.get(&step)?,
        };
    }
    at.is_null().then_some(way)
}

/// Whether a path is another one or goes on from it.
fn within(path: &str, start: &str) -> bool {
    path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The nulls where something should be.
fn unexpected(truth: &Value, data: &Value, path: &mut String, nulls: &mut Vec<String>) {
    match (truth, data) {
        (Value::Null, _) => {}
        (_, Value::Null) => nulls.push(path.clone()),
        (Value::Object(truth), Value::Object(data)) => {
            for (key, truth) in truth {
                let before = path.len();
                path.push('/');
                path.push_str(key);
                unexpected(truth, data.get(key).unwrap_or(&Value::Bool(true)), path, nulls);
                path.truncate(before);
            }
        }
        (Value::Array(truth), Value::Array(data)) => {
            for (index, (truth, data)) in truth.iter().zip(data).enumerate() {
                let before = path.len();
                path.push_str(&format!("/{index}"));
                unexpected(truth, data, path, nulls);
                path.truncate(before);
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_lost_is_true_and_anything_else_is_not() {
    let truth = serde_json::json!({ "a": [{ "b": 1 }, { "b": 2 }], "c": null });
    let found = |data: &str| untrue(&truth, format!(r#"{{"data":{data}}}"#).as_bytes());
    for data in ["null", r#"{"a":null}"#, r#"{"a":[{"b":1},{}],"c":null}"#, r#"{"a":[null,{"b":null}]}"#] {
        assert!(found(data).is_empty(), "{data}");
    }
    for (data, path) in [
        (r#"{"a":[{"b":2},{"b":2}]}"#, "another value at /a/0/b"),
        (r#"{"a":[{"b":1}]}"#, "another value at /a"),
        (r#"{"a":[{"b":1},{"b":{}}]}"#, "another value at /a/1/b"),
        (r#"{"c":1}"#, "another value at /c"),
        (r#"{"d":1}"#, "a value at /d that nobody asked for"),
    ] {
        assert_eq!(found(data), [path]);
    }
}
