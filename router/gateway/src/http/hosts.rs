//! Which hosts are served. A page of a foreign name that its owner has lead to this machine, once it is loaded (DNS
//! rebinding), calls under that name; so a router that is for one machine takes no other than its own.

use std::net::IpAddr;

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, Uri};

/// Names that requests may be for; none takes any.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    /// By the configuration.
    pub fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| plain(name)).collect())
    }

    /// Whether a request is for a host that is served. One that names none doesn't come from a browser.
    pub fn serve(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let by_header = headers.get_all(HOST).iter().map(|value| Authority::try_from(value.as_bytes()).ok());
        let mut all = by_header.chain(uri.authority().map(|authority| Some(authority.clone())));
        all.all(|authority| authority.is_some_and(|authority| self.has(authority.host())))
    }

    /// Addresses are always right: nobody can have one lead elsewhere.
    fn has(&self, host: &str) -> bool {
        let host = plain(host);
        host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() || self.0.contains(&host)
    }
}

/// In lower case and without the dot that may end a name.
fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serve(names: &[&str], host: &str) -> bool {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        Hosts::new(&names).serve(&Uri::from_static("/graphql"), &headers)
    }

    #[test]
    fn names_that_are_not_configured_are_not_served() {
        for host in ["localhost", "LocalHost:4000", "localhost.", "127.0.0.1:4000", "[::1]:4000", "192.168.0.7"] {
            assert!(serve(&["localhost"], host), "{host}");
        }
        for host in ["evil.example:4000", "localhost.evil.example", "127.0.0.1.nip.io", "", "a b", "0x7f.1"] {
            assert!(!serve(&["localhost"], host), "{host}");
        }
        assert!(serve(&["Shop.example"], "shop.example") && serve(&[], "evil.example"));
    }

    #[test]
    fn a_name_in_the_url_counts_too() {
        let hosts = Hosts::new(&["localhost".to_owned()]);
        assert!(!hosts.serve(&Uri::from_static("http://evil.example/graphql"), &HeaderMap::new()));
        assert!(hosts.serve(&Uri::from_static("http://localhost:4000/graphql"), &HeaderMap::new()));
        assert!(hosts.serve(&Uri::from_static("/graphql"), &HeaderMap::new()), "HTTP/1.0");
    }
}
