//! `BigInt`: a 64-bit integer that JavaScript can't round.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use serde::{Deserialize, Serialize};

/// A signed 64-bit integer, written as a decimal string because JSON numbers
/// lose precision beyond 2^53 in many clients. Read as a string or an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BigInt(pub i64);

/// A signed 64-bit integer, written as a decimal string.
#[Scalar(name = "BigInt")]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        let parsed = match &value {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_i64(),
            _ => None,
        };
        parsed.map(Self).ok_or_else(|| super::refused("it is a signed 64-bit integer, written as a decimal string"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
