//! Which request bodies are read: JSON in UTF-8.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::header_values::is_utf8;
use crate::refusal::{Refusal, RefusalKind};

/// What a body has to be, told to whoever sends something else.
const EXPECTED: &str = "the content type has to be application/json";

/// Checks a POST's content headers. A JSON content type also makes browsers ask before they send, so anything
/// else is refused even when it holds JSON.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unsupported(EXPECTED));
    };
    let text = value.to_str().map_err(|_| unsupported(EXPECTED))?;
    if !is_json(text) {
        return Err(unsupported(EXPECTED));
    }
    if is_utf8(text) { Ok(()) } else { Err(unsupported("the charset has to be utf-8")) }
}

/// Whether a content type is `application/json`, whatever its parameters.
pub(super) fn is_json(content_type: &str) -> bool {
    let name = content_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/json")
}

/// The body is of a kind that is not read.
pub(super) fn unsupported(message: &str) -> Refusal {
    Refusal::new(RefusalKind::UnsupportedMediaType, wire::codes::UNSUPPORTED_MEDIA_TYPE, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(content_type: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        check(&headers).is_ok()
    }

    #[test]
    fn json_in_utf8_is_read() {
        assert!(accepts("application/json"));
        assert!(accepts("Application/JSON; charset=UTF-8"));
        assert!(accepts("application/json; charset=\"utf-8\"; boundary=x"));
    }

    #[test]
    fn other_types_and_charsets_are_refused() {
        for refused in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/graphql"] {
            assert!(!accepts(refused), "{refused}");
        }
        assert!(!accepts("application/json; charset=utf-16"));
        assert!(!accepts("application/json; charset=utf-7"));
        assert!(check(&HeaderMap::new()).is_err());
    }
}
