//! Whether two values are the same: members of an object may stand in any order.

use graphql::ast::Value;

/// Compares by meaning. Values nest no deeper than their parser allows.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(one), Value::Object(other)) => {
            let find = |name: &str| other.iter().find(|(key, _)| key == name).map(|(_, value)| value);
            one.len() == other.len()
                && one.iter().all(|(name, value)| find(name).is_some_and(|other| same(value, other)))
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => a == b,
    }
}
