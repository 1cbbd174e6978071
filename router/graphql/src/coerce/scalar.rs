//! Input coercion of the built-in scalars. Custom scalars take any JSON.

use crate::json::{self, Value};

/// Digits of an ID given as a number; no key is longer.
const ID_DIGITS_MAX: usize = 400;

/// Coerces a value that isn't null to a scalar.
///
/// # Errors
/// A sentence that says why not, without a full stop.
pub fn scalar(name: &str, value: Value) -> Result<Value, String> {
    match (name, value) {
        ("Int", Value::Number(text)) => match json::to_integer_text(&text, 10) {
            Some(integer) if json::is_int32(&integer) => Ok(Value::Number(integer.into())),
            Some(_) => Err(format!("Int cannot represent non 32-bit signed integer value: {text}")),
            None => Err(format!("Int cannot represent non-integer value: {text}")),
        },
        ("Float", Value::Number(text)) => match text.parse::<f64>() {
            Ok(float) if float.is_finite() => Ok(Value::Number(text)),
            _ => Err(format!("Float cannot represent non numeric value: {text}")),
        },
        ("String", value @ Value::String(_)) | ("ID", value @ Value::String(_)) => Ok(value),
        ("ID", Value::Number(text)) => match json::to_integer_text(&text, ID_DIGITS_MAX) {
            Some(integer) => Ok(Value::String(integer)),
            None => Err(format!("ID cannot represent value: {text}")),
        },
        ("Boolean", value @ Value::Bool(_)) => Ok(value),
        ("Int", value) => Err(format!("Int cannot represent non-integer value: {}", value.describe())),
        ("Float", value) => Err(format!("Float cannot represent non numeric value: {}", value.describe())),
        ("String", value) => Err(format!("String cannot represent a non string value: {}", value.describe())),
        ("Boolean", value) => Err(format!("Boolean cannot represent a non boolean value: {}", value.describe())),
        ("ID", value) => Err(format!("ID cannot represent value: {}", value.describe())),
        (_, value) => Ok(value),
    }
}
