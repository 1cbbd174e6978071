//! The scalar `CountryCode`.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

use crate::domain;

/// A country by its ISO 3166-1 alpha-2 code: two upper-case letters.
pub struct CountryCode(pub domain::CountryCode);

/// A country by its ISO 3166-1 alpha-2 code: two upper-case letters, such as `DE`.
#[Scalar(name = "CountryCode")]
impl ScalarType for CountryCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        domain::CountryCode::parse(text)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("a country code is two upper-case letters"))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(text) if domain::CountryCode::parse(text).is_some())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.as_str().to_owned())
    }
}
