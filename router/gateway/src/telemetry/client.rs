//! Which client calls: its name and version, as it says itself.

use http::HeaderMap;
use http::header::HeaderName;

use crate::GatewayError;
use crate::config::ClientHeaders;
use crate::header_names;

/// Characters kept of a name or version: clients choose them freely, and they stand in every log line.
const CHARACTERS_MAX: usize = 64;

/// A client, as it calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Client {
    /// Its name; empty if it says none.
    pub name: String,
    /// Its version; empty if it says none.
    pub version: String,
}

/// The headers that tell.
#[derive(Clone, Debug)]
pub(crate) struct ClientHeaderNames {
    name: Vec<HeaderName>,
    version: Vec<HeaderName>,
}

impl ClientHeaderNames {
    pub(crate) fn new(config: &ClientHeaders) -> Result<Self, GatewayError> {
        Ok(Self {
            name: header_names::parse("client_headers.name", &config.name)?,
            version: header_names::parse("client_headers.version", &config.version)?,
        })
    }

    pub(crate) fn read(&self, headers: &HeaderMap) -> Client {
        Client { name: first(headers, &self.name), version: first(headers, &self.version) }
    }
}

fn first(headers: &HeaderMap, names: &[HeaderName]) -> String {
    let value = names.iter().find_map(|name| headers.get(name)).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim().chars().take(CHARACTERS_MAX).collect()
}

impl Client {
    /// All those without a label of their own.
    pub(crate) fn other() -> Self {
        Self { name: "other".to_owned(), version: "other".to_owned() }
    }

    pub(super) fn is_anonymous(&self) -> bool {
        self.name.is_empty() && self.version.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &str)]) -> Client {
        let headers = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        ClientHeaderNames::new(&ClientHeaders::default()).unwrap().read(&headers.collect())
    }

    #[test]
    fn both_families_of_headers_are_read_in_order() {
        let client = read(&[("apollographql-client-name", "b"), ("apollographql-client-version", "2")]);
        assert_eq!(client, Client { name: "b".into(), version: "2".into() });
        let client = read(&[("apollographql-client-name", "b"), ("graphql-client-name", "a")]);
        assert_eq!(client, Client { name: "a".into(), version: String::new() });
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(read(&[("graphql-client-name", &"x".repeat(500))]).name.len(), CHARACTERS_MAX);
    }
}
