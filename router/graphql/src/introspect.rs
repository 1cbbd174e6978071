//! `__schema` and `__type`, answered from the API schema.

use apollo_compiler::introspection::partial_execute;
use apollo_compiler::response::serde_json_bytes;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use indexmap::IndexMap;

use crate::json;
use crate::operation::select_operation;
use crate::request::{RequestError, code};

/// Answers a document of introspection fields alone: the JSON of each response key, in the document's order.
///
/// `variables` are the operation's, coerced.
///
/// # Errors
/// A document that holds no operation, or one that the schema doesn't fit.
pub fn introspect(
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
    variables: &json::Object,
) -> Result<IndexMap<String, Vec<u8>>, RequestError> {
    let operation = select_operation(document, None)?;
    let fail = |message: String| RequestError::new(code::VALIDATION_FAILED, message);
    apollo_compiler::introspection::check_max_depth(document, operation)
        .map_err(|error| fail(error.message().to_string()))?;
    let variables = Valid::assume_valid(to_map(variables));
    let answer = partial_execute(schema, &schema.implementers_map(), document, operation, &variables)
        .map_err(|error| fail(error.message().to_string()))?;
    if let Some(error) = answer.errors.first() {
        return Err(fail(error.message.clone()));
    }
    let members = answer.data.unwrap_or_default();
    members
        .into_iter()
        .map(|(key, value)| {
            let bytes = serde_json::to_vec(&value).map_err(|error| fail(error.to_string()))?;
            Ok((key.as_str().to_owned(), bytes))
        })
        .collect()
}

fn to_map(object: &json::Object) -> JsonMap {
    object.iter().map(|(key, value)| (key.as_str().into(), to_value(value))).collect()
}

/// Introspection takes strings and booleans alone, so numbers need no care.
fn to_value(value: &json::Value) -> JsonValue {
    match value {
        json::Value::Null => JsonValue::Null,
        json::Value::Bool(value) => JsonValue::Bool(*value),
        json::Value::Number(text) => match text.parse::<i64>() {
            Ok(integer) => JsonValue::from(integer),
            Err(_) => text.parse::<f64>().map_or(JsonValue::Null, JsonValue::from),
        },
        json::Value::String(text) => JsonValue::String(serde_json_bytes::ByteString::from(text.as_str())),
        json::Value::Array(items) => JsonValue::Array(items.iter().map(to_value).collect()),
        json::Value::Object(members) => JsonValue::Object(to_map(members)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OperationLimits, Suggestions, parse_operation};

    #[test]
    fn answers_each_response_key() {
        let schema = Schema::parse_and_validate("type Query { name: String }", "").unwrap();
        let text = "query ($t: String!) { s: __schema { queryType { name } } __type(name: $t) { kind __typename } }";
        let document = parse_operation(&schema, text, &OperationLimits::default(), Suggestions::On).unwrap();
        let variables = json::Object::from([("t".to_owned(), json::Value::String("Query".into()))]);
        let answer = introspect(&schema, &document, &variables).unwrap();
        let text: Vec<String> =
            answer.iter().map(|(key, bytes)| format!("{key}={}", String::from_utf8_lossy(bytes))).collect();
        assert_eq!(text, [r#"s={"queryType":{"name":"Query"}}"#, r#"__type={"kind":"OBJECT","__typename":"__Type"}"#]);
    }
}
