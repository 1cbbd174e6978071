//! Where messages go: one topic a domain and purpose, cut into partitions by key.

use std::fmt;

use crate::domain::Domain;

/// Partitions of each topic. Consumers of one group share them out, so this is how many can work at once; a power of two, so
/// that doubling it splits each partition in two and mixes none.
pub const PARTITIONS: u16 = 8;

/// What a topic's messages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// What has happened.
    Events,
    /// What a domain is asked to do.
    Commands,
    /// What became of commands that a domain sent.
    Replies,
    /// What a domain's consumers gave up.
    DeadLetters,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Events, Self::Commands, Self::Replies, Self::DeadLetters];

    /// The last part of a topic's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Commands => "commands",
            Self::Replies => "replies",
            Self::DeadLetters => "dead-letters",
        }
    }
}

/// A topic: `orders/events`. A broker's own tenant or namespace is its adapter's matter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic {
    domain: String,
    purpose: Purpose,
}

impl Topic {
    /// The topic of a domain: lower-case letters, digits and hyphens, at most 32. `None` for other names, which brokers could
    /// take for part of a path.
    #[must_use]
    pub fn new(domain: &str, purpose: Purpose) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_name = (1..=32).contains(&domain.len()) && domain.bytes().all(is_plain);
        is_name.then(|| Self { domain: domain.to_owned(), purpose })
    }

    /// The topic of one of our domains.
    #[must_use]
    pub fn of(domain: Domain, purpose: Purpose) -> Self {
        Self { domain: domain.as_str().to_owned(), purpose }
    }

    /// By its name, as [`fmt::Display`] writes it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (domain, purpose) = name.split_once('/')?;
        Self::new(domain, Purpose::ALL.into_iter().find(|known| known.as_str() == purpose)?)
    }

    /// Whose it is.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// What its messages are.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.domain, self.purpose.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back() {
        for purpose in Purpose::ALL {
            let topic = Topic::new("orders", purpose).unwrap();
            assert_eq!(Topic::parse(&topic.to_string()), Some(topic));
        }
    }

    #[test]
    fn names_that_could_lead_elsewhere_are_none() {
        for name in ["", "orders", "orders/", "/events", "Orders/events", "a/b/events", "../events", "orders/else"] {
            assert_eq!(Topic::parse(name), None, "{name}");
        }
        assert_eq!(Topic::new(&"a".repeat(33), Purpose::Events), None);
    }
}
