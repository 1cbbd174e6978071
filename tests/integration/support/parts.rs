//! What a client has once all parts of a response are there, put together as the two wire forms of `@defer` say.

use serde_json::{Map, Value, json};

/// The response as one: its data, and all parts' errors with the paths that the parts give them.
///
/// # Errors
/// Where a part doesn't fit those before it.
pub fn put_together(parts: &[Value]) -> Result<Value, String> {
    let (first, later) = parts.split_first().ok_or("nothing came")?;
    let mut data = first["data"].clone();
    let mut errors = list(first, "errors");
    let mut pending = Map::new();
    tell_pending(first, &mut pending)?;
    for part in later {
        tell_pending(part, &mut pending)?;
        for entry in list(part, "incremental") {
            add(&mut data, &entry, &pending)?;
            errors.extend(list(&entry, "errors"));
        }
        for completed in list(part, "completed") {
            pending.remove(id(&completed)?).ok_or("completed twice")?;
            errors.extend(list(&completed, "errors"));
        }
    }
    for (index, part) in parts.iter().enumerate() {
        if parts.len() > 1 && part["hasNext"] != Value::Bool(index + 1 < parts.len()) {
            return Err(format!("hasNext of {part}"));
        }
    }
    if !pending.is_empty() {
        return Err(format!("still pending: {pending:?}"));
    }
    Ok(if errors.is_empty() { json!({ "data": data }) } else { json!({ "data": data, "errors": errors }) })
}

fn tell_pending(part: &Value, pending: &mut Map<String, Value>) -> Result<(), String> {
    for entry in list(part, "pending") {
        let id = id(&entry)?.to_owned();
        if pending.insert(id, entry).is_some() {
            return Err("an id twice".to_owned());
        }
    }
    Ok(())
}

fn add(data: &mut Value, entry: &Value, pending: &Map<String, Value>) -> Result<(), String> {
    let is_once = entry.get("id").is_some();
    let mut path = match is_once {
        true => list(pending.get(id(entry)?).ok_or("an unknown id")?, "path"),
        false => list(entry, "path"),
    };
    path.extend(list(entry, "subPath"));
    let mut at = data;
    for step in &path {
        let next = match step {
            Value::String(key) => at.get_mut(key),
            step => step.as_u64().and_then(|index| at.get_mut(usize::try_from(index).ok()?)),
        };
        at = next.ok_or_else(|| format!("{entry} leads nowhere"))?;
    }
    if entry["data"].is_null() { Ok(()) } else { merge(at, &entry["data"], is_once) }
}

/// Objects merge; a leaf comes once, or is the same again.
fn merge(into: &mut Value, from: &Value, is_once: bool) -> Result<(), String> {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            from.iter().try_for_each(|(key, value)| match into.get_mut(key) {
                None => {
                    into.insert(key.clone(), value.clone());
                    Ok(())
                }
                Some(_) if is_once => Err(format!("{key} comes twice")),
                Some(known) => merge(known, value, is_once),
            })
        }
        (Value::Array(into), Value::Array(from)) if into.len() == from.len() => {
            into.iter_mut().zip(from).try_for_each(|(into, from)| merge(into, from, is_once))
        }
        // A whole fragment has nulls of its own: what failed within it may stand outside, and the other way round.
        (_, Value::Null) if !is_once => Ok(()),
        (into @ Value::Null, from) if !is_once => {
            *into = from.clone();
            Ok(())
        }
        (into, from) if into == from => Ok(()),
        (into, from) => Err(format!("{into} becomes {from}")),
    }
}

fn id(entry: &Value) -> Result<&str, String> {
    entry["id"].as_str().ok_or_else(|| format!("{entry} has no id"))
}

fn list(value: &Value, name: &str) -> Vec<Value> {
    value.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}
