//! A GraphQL request as a value, whatever it came over.

use graphql::json;

use crate::refusal::Refusal;

/// Members of a request that are strings or objects; others are ignored, as the specification asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphQlRequest {
    /// The document's text. Absent when a persisted document is asked for.
    pub query: Option<String>,
    /// Which operation of the document.
    pub operation_name: Option<String>,
    /// Values of variables, as they came.
    pub variables: json::Object,
    /// Extensions, as they came.
    pub extensions: json::Object,
}

impl GraphQlRequest {
    /// From the JSON value of a body. Null members are as absent, unknown members are ignored.
    ///
    /// # Errors
    /// When it isn't an object, or a member has a wrong type.
    pub fn from_json(value: json::Value) -> Result<Self, Refusal> {
        let mut members = match value {
            json::Value::Object(members) => members,
            json::Value::Array(_) => {
                let message = "batches are not served: send one operation a request";
                let kind = crate::refusal::RefusalKind::Parameters;
                return Err(Refusal::new(kind, "BATCHING_NOT_SUPPORTED", message));
            }
            _ => return Err(Refusal::parameters("the request body has to be a JSON object")),
        };
        let mut take = |name: &str| members.swap_remove(name).unwrap_or_default();
        Ok(Self {
            query: string("query", take("query"))?,
            operation_name: string("operationName", take("operationName"))?,
            variables: object("variables", take("variables"))?,
            extensions: object("extensions", take("extensions"))?,
        })
    }
}

fn string(name: &str, value: json::Value) -> Result<Option<String>, Refusal> {
    match value {
        json::Value::Null => Ok(None),
        json::Value::String(text) => Ok(Some(text)),
        _ => Err(Refusal::parameters(format!("the parameter \"{name}\" has to be a string"))),
    }
}

pub(crate) fn object(name: &str, value: json::Value) -> Result<json::Object, Refusal> {
    match value {
        json::Value::Null => Ok(json::Object::new()),
        json::Value::Object(members) => Ok(members),
        _ => Err(Refusal::parameters(format!("the parameter \"{name}\" has to be an object"))),
    }
}
