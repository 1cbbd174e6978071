//! Header names from the configuration.

use http::header::{self, HeaderName, HeaderValue};
use indexmap::IndexMap;

use crate::GatewayError;

/// Parses header names that a configuration key lists.
pub(crate) fn parse(key: &str, names: &[String]) -> Result<Vec<HeaderName>, GatewayError> {
    names
        .iter()
        .map(|name| {
            name.parse().map_err(|_| GatewayError::Value {
                key: key.to_owned(),
                message: format!("\"{name}\" is not a header name"),
            })
        })
        .collect()
}

/// Parses names of headers that travel on to subgraphs. Those that belong to one connection, to the body or to the
/// signed identity never do.
pub(crate) fn parse_forwarded(key: &str, names: &[String]) -> Result<Vec<HeaderName>, GatewayError> {
    let names = parse(key, names)?;
    match names.iter().find(|name| is_reserved(name)) {
        Some(name) => {
            Err(GatewayError::Value { key: key.to_owned(), message: format!("\"{name}\" is never forwarded") })
        }
        None => Ok(names),
    }
}

/// Parses headers that subgraphs are sent with values of their own, which nobody is to see in a log.
pub(crate) fn parse_set(
    key: &str,
    headers: &IndexMap<String, String>,
) -> Result<Vec<(HeaderName, HeaderValue)>, GatewayError> {
    let names: Vec<String> = headers.keys().cloned().collect();
    let names = parse_forwarded(key, &names)?;
    let value = |(name, text): (HeaderName, &String)| {
        let mut value = HeaderValue::from_str(text).map_err(|_| GatewayError::Value {
            key: format!("{key}.{name}"),
            message: "the value has characters that no header may have".to_owned(),
        })?;
        value.set_sensitive(true);
        Ok((name, value))
    };
    names.into_iter().zip(headers.values()).map(value).collect()
}

fn is_reserved(name: &HeaderName) -> bool {
    const RESERVED: [HeaderName; 15] = [
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::CONNECTION,
        header::CONTENT_ENCODING,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::EXPECT,
        header::HOST,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        HeaderName::from_static("keep-alive"),
    ];
    RESERVED.contains(name) || name.as_str() == wire::identity::IDENTITY_HEADER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_header_is_never_forwarded() {
        assert!(parse_forwarded("headers.forward", &["Supergraph-Identity".into()]).is_err());
        assert!(parse_forwarded("headers.forward", &["Content-Length".into()]).is_err());
        assert_eq!(parse_forwarded("headers.forward", &["X-Tenant".into()]).unwrap(), ["x-tenant"]);
    }

    #[test]
    fn headers_are_set_to_what_headers_may_hold() {
        let set = |name: &str, value: &str| parse_set("headers.set", &IndexMap::from([(name.into(), value.into())]));
        assert!(set("X-Key", "a b").is_ok_and(|set| set[0].1 == "a b" && set[0].1.is_sensitive()));
        assert!(set("content-length", "1").is_err());
        assert!(set("x-key", "a\nb").is_err_and(|error| !error.to_string().contains("a\nb")));
    }

    #[test]
    fn words_that_are_no_header_names_are_refused() {
        assert!(parse("csrf.headers", &["a b".into()]).is_err());
    }
}
