//! The value of one field: what the data says, its tables and counters worked out, its switches obeyed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::dataset::{CASES, COUNTER, Dataset, ECHO, Switch, contains, echo};

/// Numbers that mutations count up, by name. The subgraphs of one supergraph share them, as they would a database.
pub type Counters = Arc<Mutex<BTreeMap<String, i64>>>;

/// The object whose field is asked for.
#[derive(Clone, Copy)]
pub struct Object<'a> {
    /// Its type in this subgraph.
    pub ty: &'a str,
    /// Its record's name, if it is one.
    pub name: Option<&'a str>,
    /// Its members.
    pub members: &'a Map<String, Value>,
    /// What is known of it only where it stands: members beside the reference to it.
    pub provided: Option<&'a Map<String, Value>>,
    /// What the router sent of it, if it came by `_entities`.
    pub representation: Option<&'a Value>,
}

impl Object<'_> {
    /// The value that the data gives to a member.
    fn member(&self, name: &str) -> Option<&Value> {
        self.provided.and_then(|provided| provided.get(name)).or_else(|| self.members.get(name))
    }
}

/// Why there is no value.
pub enum Missing {
    /// On purpose: an error that the subgraph reports.
    Error(String),
    /// The data or the request is at fault: reported, and a test fails.
    Fault(String),
}

/// The value of a field, and how long it takes.
pub fn value(
    dataset: &Dataset,
    counters: &Counters,
    object: Object<'_>,
    field: &str,
    arguments: &Value,
) -> (Duration, Result<Value, Missing>) {
    let coordinate = format!("{}.{field}", object.ty);
    let switch = dataset.switch(object.ty, object.name, field);
    let delay = switch.map(Switch::delay).unwrap_or_default();
    let value = match switch {
        Some(Switch::Error(message)) => Err(Missing::Error(message.clone())),
        Some(Switch::Null | Switch::Absent) => Ok(Value::Null),
        Some(Switch::SlowMs(_)) | None => match object.member(field).or_else(|| dataset.fields.get(&coordinate)) {
            Some(value) => work_out(counters, object, arguments, value)
                .map_err(|fault| Missing::Fault(format!("{coordinate}: {fault}"))),
            None => {
                Err(Missing::Fault(format!("no data for {coordinate} of {}", Value::Object(object.members.clone()))))
            }
        },
    };
    (delay, value)
}

fn work_out(counters: &Counters, object: Object<'_>, arguments: &Value, value: &Value) -> Result<Value, String> {
    if let Some(cases) = value.get(CASES) {
        let cases = cases.as_array().ok_or("the cases are no list")?;
        let own = Value::Object(object.members.clone());
        let given = object.representation.unwrap_or(&own);
        let nothing = json!({});
        let fits = |case: &&Value| {
            contains(arguments, case.get("arguments").unwrap_or(&nothing))
                && contains(given, case.get("given").unwrap_or(&nothing))
        };
        let case = cases.iter().find(fits);
        let case = case.ok_or_else(|| format!("no case for the arguments {arguments} and the object {given}"))?;
        return work_out(counters, object, arguments, &case["value"]);
    }
    if let Some(text) = value.get(ECHO).and_then(Value::as_str) {
        return Ok(echo(text, arguments));
    }
    if let Some(counter) = value.get(COUNTER) {
        return count(counters, counter, arguments).ok_or_else(|| format!("{counter} with {arguments}"));
    }
    Ok(value.clone())
}

fn count(counters: &Counters, counter: &Value, arguments: &Value) -> Option<Value> {
    let argument = |member: &str| arguments.get(counter.get(member)?.as_str()?);
    let mut counters = counters.lock().unwrap_or_else(PoisonError::into_inner);
    let name = argument("of")?.as_str()?.to_owned();
    let operation = counter.get("operation")?.as_str()?;
    if operation == "take" {
        return counters.remove(&name).map(Value::from);
    }
    let by = argument("by")?.as_i64()?;
    let number = counters.entry(name).or_default();
    *number = match operation {
        "add" => number.checked_add(by)?,
        "multiply" => number.checked_mul(by)?,
        _ => return None,
    };
    Some(Value::from(*number))
}

/// Whether a value is one of a scalar type; of custom ones every value is.
pub fn is_leaf(scalar: &str, value: &Value) -> bool {
    match scalar {
        "Int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Float" => value.is_number(),
        "String" => value.is_string(),
        "Boolean" => value.is_boolean(),
        "ID" => value.is_string() || value.is_i64(),
        _ => true,
    }
}
