//! GET: a query in the URL's query string. `variables` and `extensions` are JSON text.

use graphql::json::{self, JsonLimits};

use crate::refusal::Refusal;
use crate::request::{GraphQlRequest, object};

/// Reads the request from a URL's query string. Parameters that GraphQL doesn't know are ignored.
pub(super) fn read(query_string: &str) -> Result<GraphQlRequest, Refusal> {
    let mut request = GraphQlRequest::default();
    let (mut variables, mut extensions) = (None, None);
    for parameter in query_string.split('&') {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let place = match name {
            "query" => &mut request.query,
            "operationName" => &mut request.operation_name,
            "variables" => &mut variables,
            "extensions" => &mut extensions,
            _ => continue,
        };
        let decoded = decode(value)
            .ok_or_else(|| Refusal::malformed(format!("the parameter \"{name}\" is not percent-encoded UTF-8")))?;
        if place.replace(decoded).is_some() {
            return Err(Refusal::malformed(format!("the parameter \"{name}\" stands twice in the URL")));
        }
    }
    request.operation_name = request.operation_name.filter(|name| !name.is_empty());
    request.variables = json_object("variables", variables)?;
    request.extensions = json_object("extensions", extensions)?;
    Ok(request)
}

/// Decodes a value of a query string (WHATWG URL §5.1), but refuses what browsers would let pass damaged.
fn decode(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (high, low) = (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn json_object(name: &str, text: Option<String>) -> Result<json::Object, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(json::Object::new()) };
    let value = json::parse(text.as_bytes(), &JsonLimits::default())
        .map_err(|error| Refusal::malformed(format!("the parameter \"{name}\" is not valid JSON: {error}")))?;
    object(name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        let request =
            read("query=%7B+a+%7D&operationName=null&variables=%7B%22n%22%3A9007199254740993%7D&x=1").unwrap();
        assert_eq!(request.query.as_deref(), Some("{ a }"));
        assert_eq!(request.operation_name.as_deref(), Some("null"));
        assert_eq!(request.variables["n"], json::Value::Number("9007199254740993".into()));
    }

    #[test]
    fn empty_parameters_are_as_absent() {
        let request = read("query=a&operationName=&variables=&extensions=").unwrap();
        assert_eq!((request.operation_name, request.variables.len(), request.extensions.len()), (None, 0, 0));
        assert_eq!(read("").unwrap(), GraphQlRequest::default());
    }

    #[test]
    fn malformed_or_repeated_parameters_are_refused() {
        for refused in [
            "variables=%7B",
            "variables=%5B%5D",
            "extensions=1",
            "query=a&query=b",
            "query=%zz",
            "query=%2",
            "query=%ff",
        ] {
            assert_eq!(read(refused).unwrap_err().code(), "BAD_REQUEST", "{refused}");
        }
    }
}
