//! `__schema` and `__type`, answered from the API schema, if the answer isn't too large.

mod weigh;

use apollo_compiler::collections::HashMap;
use apollo_compiler::introspection::partial_execute;
use apollo_compiler::response::serde_json_bytes;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema};
use indexmap::IndexMap;

use crate::json;
use crate::operation::select_operation;
use crate::request::{RequestError, code};
use weigh::Scales;

/// An answer may weigh so many times what the whole schema does: the standard query takes about half of it.
const TIMES_MAX: usize = 50;
/// What any answer may weigh, however small the schema.
const WEIGHT_MIN: usize = 10_000;

/// What answering needs of a schema, made once.
#[derive(Clone, Debug, Default)]
pub struct Introspection {
    implementers: HashMap<Name, Implementers>,
    weight_max: usize,
}

impl Introspection {
    /// For answers from this schema.
    pub fn of(schema: &Schema) -> Self {
        let weight_max = weigh::whole(schema).saturating_mul(TIMES_MAX).saturating_add(WEIGHT_MIN);
        Self { implementers: schema.implementers_map(), weight_max }
    }

    /// Weighs the answer to a document. Takes time for each of its values, though much less than making it.
    ///
    /// # Errors
    /// [`code::MAX_INTROSPECTION_SIZE_LIMIT`] for one that is too heavy.
    pub fn weigh(
        &self,
        schema: &Schema,
        document: &ExecutableDocument,
        variables: &json::Object,
    ) -> Result<(), RequestError> {
        let operation = select_operation(document, None)?;
        let implementers = &self.implementers;
        let mut scales = Scales { schema, implementers, document, variables, left: self.weight_max };
        scales.root(&operation.selection_set).ok_or_else(|| {
            let message = "Introspection asks for many times the whole schema.";
            RequestError::new(code::MAX_INTROSPECTION_SIZE_LIMIT, message)
        })
    }

    /// Answers a document of introspection fields alone: the JSON of each response key, in the document's order.
    ///
    /// `variables` are the operation's, coerced.
    ///
    /// # Errors
    /// As [`Self::weigh`], and for a document that holds no operation, or one that the schema doesn't fit.
    pub fn answer(
        &self,
        schema: &Valid<Schema>,
        document: &Valid<ExecutableDocument>,
        variables: &json::Object,
    ) -> Result<IndexMap<String, Vec<u8>>, RequestError> {
        self.weigh(schema, document, variables)?;
        execute(schema, &self.implementers, document, variables)
    }
}

fn execute(
    schema: &Valid<Schema>,
    implementers: &HashMap<Name, Implementers>,
    document: &Valid<ExecutableDocument>,
    variables: &json::Object,
) -> Result<IndexMap<String, Vec<u8>>, RequestError> {
    let operation = select_operation(document, None)?;
    let fail = |message: String| RequestError::new(code::VALIDATION_FAILED, message);
    apollo_compiler::introspection::check_max_depth(document, operation)
        .map_err(|error| fail(error.message().to_string()))?;
    let variables = Valid::assume_valid(to_map(variables));
    let answer = partial_execute(schema, implementers, document, operation, &variables)
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
        let answer = Introspection::of(&schema).answer(&schema, &document, &variables).unwrap();
        let text: Vec<String> =
            answer.iter().map(|(key, bytes)| format!("{key}={}", String::from_utf8_lossy(bytes))).collect();
        assert_eq!(text, [r#"s={"queryType":{"name":"Query"}}"#, r#"__type={"kind":"OBJECT","__typename":"__Type"}"#]);
    }
    const STANDARD: &str = "query { __schema { queryType { name } types { ...T } directives { name description locations args { ...I } } } }
        fragment T on __Type { kind name description specifiedByURL fields(includeDeprecated: true) { name description
        args(includeDeprecated: true) { ...I } type { ...R } isDeprecated deprecationReason } inputFields { ...I } interfaces { ...R }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...R } }
        fragment I on __InputValue { name description type { ...R } defaultValue isDeprecated deprecationReason }
        fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

    /// So many types, each with twenty fields of the others.
    fn schema(types: usize) -> Valid<Schema> {
        let one = |n: usize| {
            let field = |f: usize| format!("f{f}(a: [[Int!]!]! = [[1]]): [[T{}!]!]! ", (n * 7 + f) % types);
            format!("\"What it is.\" type T{n} implements N {{ id: ID! {} }} ", (0..20).map(field).collect::<String>())
        };
        let all: String = (0..types).map(one).collect();
        Schema::parse_and_validate(format!("interface N {{ id: ID! }} type Query {{ t: T0 }} {all}"), "").unwrap()
    }

    fn ask(schema: &Valid<Schema>, text: &str) -> Result<(), &'static str> {
        let document = parse_operation(schema, text, &OperationLimits::default(), Suggestions::On).unwrap();
        let answer = Introspection::of(schema).answer(schema, &document, &json::Object::new());
        answer.map(|answer| assert!(answer.values().all(|text| text.len() > 2))).map_err(|error| error.code)
    }

    #[test]
    fn the_standard_query_is_answered_whatever_the_schema() {
        for types in [1, 10, 300] {
            assert_eq!(ask(&schema(types), STANDARD), Ok(()), "{types}");
        }
    }

    #[test]
    fn what_multiplies_is_refused_before_it_is_made() {
        let schema = schema(300);
        let aliases = |each: &str| (0..50).map(|n| format!("a{n}: {each} ")).collect::<String>();
        for text in [
            format!("{{ __schema {{ {} }} }}", aliases("types { fields { type { ofType { ofType { fields { name } } } } } }")),
            format!("{{ {} }}", aliases("__schema { types { fields { args { type { kind ofType { kind } } } } } }")),
            "{ __schema { types { interfaces { possibleTypes { name } } fields { type { ofType { ofType { ofType { ofType { ofType { fields { name description args { name } } } } } } } } } } } }".to_owned(),
        ] {
            assert_eq!(ask(&schema, &text), Err(code::MAX_INTROSPECTION_SIZE_LIMIT), "{text}");
        }
        assert!(ask(&schema, "{ __schema { types { fields { type { ofType { name } } } } } }").is_ok());
    }
}
