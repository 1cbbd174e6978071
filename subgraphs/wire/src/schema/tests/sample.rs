//! Data that a schema allows: as little as it may be, and as much; one for each form that there is to choose from.

use serde_json::{Value, json};

/// Samples of a schema's data.
pub fn samples(schema: &Value) -> Vec<Value> {
    [Fields::Required, Fields::All].iter().flat_map(|fields| sample(schema, schema, *fields)).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Fields {
    Required,
    All,
}

/// One of each form; panics for what it doesn't know, so that nothing passes unseen.
fn sample(root: &Value, schema: &Value, fields: Fields) -> Vec<Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(reference.strip_prefix('#').unwrap());
        return sample(root, target.unwrap_or_else(|| panic!("{reference} leads nowhere")), fields);
    }
    if let Some(Value::Array(examples)) = schema.get("examples") {
        return examples.clone();
    }
    if let Some(Value::Array(forms)) = schema.get("oneOf").or(schema.get("anyOf")) {
        // What may be null is left out, never written.
        let forms = forms.iter().filter(|form| form.get("type") != Some(&json!("null")));
        return forms.flat_map(|form| sample(root, form, fields)).collect();
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap(),
        _ => panic!("{schema} has no type"),
    };
    match kind {
        "object" => objects(root, schema, fields),
        "array" => {
            let items = sample(root, &schema["items"], fields);
            if fields == Fields::All { vec![Value::Array(items)] } else { vec![json!([])] }
        }
        "string" => match schema.get("format").and_then(Value::as_str) {
            None => vec![json!("a text: \u{e9}\u{1f980}\"\\")],
            Some("date-time") => vec![json!("2026-11-21T12:30:00.123456Z")],
            Some(format) => panic!("no sample of {format}"),
        },
        // What is false is left out.
        "boolean" => vec![json!(true)],
        "integer" => integers(schema),
        other => panic!("no sample of {other}"),
    }
}

/// As many as it takes for each field to have been each of its samples.
fn objects(root: &Value, schema: &Value, fields: Fields) -> Vec<Value> {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let given = schema["properties"].as_object().into_iter().flatten();
    let given = given.filter(|(name, _)| fields == Fields::All || required.contains(&name.as_str()));
    let samples: Vec<_> = given.map(|(name, field)| (name, sample(root, field, fields))).collect();
    let count = samples.iter().map(|(_, samples)| samples.len()).max().unwrap_or(1);
    let object = |at: usize| samples.iter().map(|(name, of)| ((*name).clone(), of[at % of.len()].clone())).collect();
    (0..count).map(|at| Value::Object(object(at))).collect()
}

/// The smallest and the largest.
fn integers(schema: &Value) -> Vec<Value> {
    let (least, most) = match schema["format"].as_str() {
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        Some("uint32") => (json!(0), json!(u32::MAX)),
        other => panic!("no sample of {other:?}"),
    };
    vec![schema.get("minimum").cloned().unwrap_or(least), schema.get("maximum").cloned().unwrap_or(most)]
}
