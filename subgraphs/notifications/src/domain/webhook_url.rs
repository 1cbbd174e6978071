//! Addresses that users may have us call.
//!
//! What is checked here is the text; where a name leads is looked at with every call, since that changes (`crate::webhook`).

use std::net::IpAddr;

use url::{Host, Url};

use super::public_address::is_public;

/// Bytes of an address: more than any program has.
pub const URL_BYTES_MAX: usize = 2_048;

/// Whom users may have us call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reach {
    /// What is public, by HTTPS.
    #[default]
    Public,
    /// Anything, also without TLS: for development, where receivers are on the same machine.
    Anywhere,
}

impl Reach {
    /// Whether a connection to this address is let through.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        self == Self::Anywhere || is_public(address)
    }
}

/// An address to call, in its normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrl(Url);

/// Why an address isn't called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWebhookUrl {
    /// It is no URL with a host, or too long.
    #[error("must be a URL of at most {URL_BYTES_MAX} bytes")]
    Malformed,
    /// It isn't HTTPS.
    #[error("must begin with https://")]
    Scheme,
    /// It has a user's name, a password, or a fragment.
    #[error("must have no user name, password or fragment")]
    Parts,
    /// It is an address that isn't public.
    #[error("must lead to the public Internet")]
    NotPublic,
}

impl WebhookUrl {
    /// Checks an address.
    ///
    /// # Errors
    /// [`InvalidWebhookUrl`].
    pub fn parse(text: &str, reach: Reach) -> Result<Self, InvalidWebhookUrl> {
        if text.len() > URL_BYTES_MAX {
            return Err(InvalidWebhookUrl::Malformed);
        }
        let url = Url::parse(text).map_err(|_| InvalidWebhookUrl::Malformed)?;
        match (url.scheme(), reach) {
            ("https", _) | ("http", Reach::Anywhere) => {}
            _ => return Err(InvalidWebhookUrl::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(InvalidWebhookUrl::Parts);
        }
        let is_allowed = match url.host().ok_or(InvalidWebhookUrl::Malformed)? {
            Host::Ipv4(address) => reach.allows(address.into()),
            Host::Ipv6(address) => reach.allows(address.into()),
            Host::Domain(name) => reach == Reach::Anywhere || is_public_name(name),
        };
        if !is_allowed {
            return Err(InvalidWebhookUrl::NotPublic);
        }
        // Percent-encoding can make a text longer.
        if url.as_str().len() > URL_BYTES_MAX { Err(InvalidWebhookUrl::Malformed) } else { Ok(Self(url)) }
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

/// Names without a dot, and those under `localhost` and the like, are told apart from public ones before anybody is asked.
fn is_public_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit_once('.').map(|(_, last)| last);
    last.is_some_and(|last| !["localhost", "local", "internal", "localdomain", "lan", "home", "corp"].contains(&last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_public_is_called() {
        let check = |text: &str| WebhookUrl::parse(text, Reach::Public).map(|url| url.url().to_string());
        assert_eq!(check("https://Hooks.Example.org/a?b=c").unwrap(), "https://hooks.example.org/a?b=c");
        assert!(check("https://1.1.1.1:8443/").is_ok());
        let long = format!("https://example.org/{}", "é".repeat(700));
        for (text, expected) in [
            ("", InvalidWebhookUrl::Malformed),
            ("example.org", InvalidWebhookUrl::Malformed),
            ("https://", InvalidWebhookUrl::Malformed),
            (long.as_str(), InvalidWebhookUrl::Malformed),
            ("http://example.org/", InvalidWebhookUrl::Scheme),
            ("file:///etc/passwd", InvalidWebhookUrl::Scheme),
            ("gopher://example.org/", InvalidWebhookUrl::Scheme),
            ("https://user@example.org/", InvalidWebhookUrl::Parts),
            ("https://:secret@example.org/", InvalidWebhookUrl::Parts),
            ("https://example.org/#x", InvalidWebhookUrl::Parts),
            ("https://localhost/", InvalidWebhookUrl::NotPublic),
            ("https://a.localhost./", InvalidWebhookUrl::NotPublic),
            ("https://vault.internal/", InvalidWebhookUrl::NotPublic),
            ("https://127.0.0.1/", InvalidWebhookUrl::NotPublic),
            // Other spellings of the same address.
            ("https://2130706433/", InvalidWebhookUrl::NotPublic),
            ("https://0x7f.1/", InvalidWebhookUrl::NotPublic),
            ("https://①②⑦.0.0.1/", InvalidWebhookUrl::NotPublic),
            ("https://[::1]/", InvalidWebhookUrl::NotPublic),
            ("https://[::ffff:169.254.169.254]/", InvalidWebhookUrl::NotPublic),
        ] {
            assert_eq!(check(text), Err(expected), "{text}");
        }
        assert!(WebhookUrl::parse("http://127.0.0.1:9/", Reach::Anywhere).is_ok());
    }
}
