//! Whether a response is what the specification allows, whatever subgraphs answered.

use federation::Supergraph;
use federation::supergraph::FieldType;
use graphql::json::{JsonLimits, Value, parse};
use planner::QueryPlan;
use planner::plan::Shape;

/// Checks a body against its plan's shape: members in order, no null where the type forbids it, and an error if
/// `data` is null.
pub fn respected(plan: &QueryPlan, supergraph: &Supergraph, body: &[u8]) -> Result<(), String> {
    let body = parse(body, &JsonLimits::default()).map_err(|error| error.to_string())?;
    let body = body.as_object().ok_or("not an object")?;
    let errors = match body.get("errors") {
        Some(Value::Array(errors)) => errors.len(),
        _ => 0,
    };
    match body.get("data") {
        None => Err("no data".to_owned()),
        Some(Value::Null) if errors == 0 => Err("data is null, and no error says why".to_owned()),
        Some(Value::Null) => Ok(()),
        Some(data) => object(&plan.response, supergraph, data),
    }
}

fn object(shape: &Shape, supergraph: &Supergraph, value: &Value) -> Result<(), String> {
    let Value::Object(members) = value else { return Err(format!("not an object: {value:?}")) };
    let fits = |names: Vec<&str>| members.len() == names.len() && names.iter().all(|name| members.contains_key(*name));
    let variants = shape.variants.iter();
    let mut fitting = variants
        .filter(|variant| fits(variant.fields.iter().map(|field| &*field.response_key).collect()))
        .map(|variant| {
            variant.fields.iter().try_for_each(|field| {
                let value = members.get(&*field.response_key).unwrap_or(&Value::Null);
                typed(&field.ty, field.selection.as_deref(), supergraph, value)
            })
        });
    match (fitting.clone().any(|fit| fit.is_ok()), fitting.next()) {
        (true, _) => Ok(()),
        (false, Some(Err(fault))) => Err(fault),
        _ => Err(format!("the members of no possible type: {value:?}")),
    }
}

fn typed(ty: &FieldType, below: Option<&Shape>, supergraph: &Supergraph, value: &Value) -> Result<(), String> {
    match (ty, value) {
        (FieldType::Named { non_null: true, .. } | FieldType::List { non_null: true, .. }, Value::Null) => {
            Err("null where the type forbids it".to_owned())
        }
        (_, Value::Null) => Ok(()),
        (FieldType::List { item, .. }, Value::Array(items)) => {
            items.iter().try_for_each(|value| typed(item, below, supergraph, value))
        }
        (FieldType::List { .. }, _) => Err(format!("not a list: {value:?}")),
        (FieldType::Named { id, .. }, value) => match (below, supergraph.ty(*id).name.as_str(), value) {
            (Some(shape), _, value) => object(shape, supergraph, value),
            (None, "Int", Value::Number(number)) if number.parse::<i32>().is_ok() => Ok(()),
            (None, "Float", Value::Number(_)) => Ok(()),
            (None, "String" | "ID", Value::String(_)) => Ok(()),
            (None, "Boolean", Value::Bool(_)) => Ok(()),
            (None, name @ ("Int" | "Float" | "String" | "ID" | "Boolean"), value) => {
                Err(format!("no {name}: {value:?}"))
            }
            _ => Ok(()),
        },
    }
}
