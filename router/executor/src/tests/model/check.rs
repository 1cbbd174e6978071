//! Whether a response that had faults is the monolith's but for nulls that errors speak of.

use graphql::json::{self, Value};

/// Compares, and says what is wrong.
pub fn check(expected: &str, body: &str) -> Result<(), String> {
    let parse = |text: &str| json::parse(text.as_bytes(), &json::JsonLimits::default()).unwrap();
    let Value::Object(body) = parse(body) else { return Err("no object".to_owned()) };
    let mut paths = Vec::new();
    if let Some(Value::Array(errors)) = body.get("errors") {
        for error in errors {
            let path = error.as_object().and_then(|error| error.get("path")).cloned();
            let Some(Value::Array(path)) = path else { return Err(format!("an error without path: {error:?}")) };
            let internal =
                |step: &Value| step.as_str().is_some_and(|step| step.starts_with('_') && step != "__typename");
            if path.iter().any(internal) {
                return Err(format!("an internal path: {path:?}"));
            }
            if paths.contains(&path) {
                return Err(format!("two errors at {path:?}"));
            }
            paths.push(path);
        }
    }
    compare(&parse(expected), &body["data"], &mut Vec::new(), &paths)
}

fn compare(expected: &Value, is: &Value, path: &mut Vec<Value>, errors: &[Vec<Value>]) -> Result<(), String> {
    match (expected, is) {
        (Value::Object(expected), Value::Object(is)) => {
            if !expected.keys().eq(is.keys()) {
                return Err(format!("other keys at {path:?}"));
            }
            for (key, member) in expected {
                path.push(Value::String(key.clone()));
                compare(member, &is[key], path, errors)?;
                path.pop();
            }
            Ok(())
        }
        (Value::Array(expected), Value::Array(is)) if expected.len() == is.len() => {
            for (index, (expected, is)) in expected.iter().zip(is).enumerate() {
                path.push(Value::Number(index.to_string().into()));
                compare(expected, is, path, errors)?;
                path.pop();
            }
            Ok(())
        }
        (expected, is) if expected == is => Ok(()),
        (_, Value::Null) => {
            let speaks_of = |error: &Vec<Value>| error.starts_with(path) || path.starts_with(error);
            if errors.iter().any(speaks_of) { Ok(()) } else { Err(format!("a null without error at {path:?}")) }
        }
        (expected, is) => Err(format!("at {path:?} is {is:?}, should be {expected:?}")),
    }
}
