//! Header names from the configuration.

use http::header::{self, HeaderName};

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
    fn words_that_are_no_header_names_are_refused() {
        assert!(parse("csrf.headers", &["a b".into()]).is_err());
    }
}
