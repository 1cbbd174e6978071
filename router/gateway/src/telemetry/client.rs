//! Which client calls: its name and version, as it says itself.

use std::collections::HashSet;
use std::sync::Mutex;

use http::HeaderMap;
use http::header::HeaderName;

use crate::GatewayError;
use crate::config::ClientHeaders;
use crate::header_names;

/// Characters kept of a name or version: clients choose them freely, and they stand in every log line.
const CHARACTERS_MAX: usize = 64;

/// A client, as it calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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

/// Lets the first so many distinct clients through and calls the rest `other`: each is a time series.
#[derive(Debug)]
pub(crate) struct BoundedClients {
    max: usize,
    seen: Mutex<HashSet<Client>>,
}

impl BoundedClients {
    pub(crate) fn new(max: usize) -> Self {
        Self { max, seen: Mutex::default() }
    }

    /// The labels for a client: its own words, with `unknown` for none, or `other` for both.
    pub(crate) fn label(&self, client: &Client) -> Client {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !seen.contains(client) && !client.is_anonymous() {
            if seen.len() >= self.max {
                return Client { name: "other".to_owned(), version: "other".to_owned() };
            }
            seen.insert(client.clone());
        }
        let word = |word: &str| if word.is_empty() { "unknown".to_owned() } else { word.to_owned() };
        Client { name: word(&client.name), version: word(&client.version) }
    }
}

impl Client {
    fn is_anonymous(&self) -> bool {
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

    #[test]
    fn labels_are_bounded() {
        let clients = BoundedClients::new(2);
        let label = |name: &str, version: &str| {
            let label = clients.label(&Client { name: name.to_owned(), version: version.to_owned() });
            format!("{} {}", label.name, label.version)
        };
        assert_eq!(label("a", "1"), "a 1");
        assert_eq!(label("a", ""), "a unknown");
        assert_eq!(label("a", "2"), "other other");
        assert_eq!(label("", ""), "unknown unknown");
        assert_eq!(label("a", "1"), "a 1");
    }
}
