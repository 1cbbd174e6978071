//! Who consumes.

use std::fmt;

use wire::{
    Domain,
    topic::{Purpose, Topic},
};

/// A group of consumers: a domain's, for one purpose. `orders.shipping` is its name on the bus and in the inbox.
///
/// The name must never change once it was used: to the bus, and to the inbox, another name is somebody who has seen nothing
/// yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    name: String,
    dead_letters: Topic,
}

impl Group {
    /// The group of a domain for a purpose, both of lower-case letters, digits and hyphens, at most 32. `None` for others.
    #[must_use]
    pub fn new(domain: &str, purpose: &str) -> Option<Self> {
        let dead_letters = Topic::new(domain, Purpose::DeadLetters)?;
        // What may be a domain may be a purpose.
        Topic::new(purpose, Purpose::DeadLetters)?;
        Some(Self { name: format!("{domain}.{purpose}"), dead_letters })
    }

    /// The group of one of our domains for a purpose that its code names: of the letters that [`Group::new`] takes.
    #[must_use]
    pub fn of(domain: Domain, purpose: &'static str) -> Self {
        Self { name: format!("{domain}.{purpose}"), dead_letters: Topic::of(domain, Purpose::DeadLetters) }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it tells of messages that it gave up.
    #[must_use]
    pub fn dead_letters(&self) -> &Topic {
        &self.dead_letters
    }
}

impl fmt::Display for Group {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_domains_for_a_purpose() {
        let group = Group::new("orders", "shipping").unwrap();
        assert_eq!(
            (group.name(), group.dead_letters().to_string().as_str()),
            ("orders.shipping", "orders/dead-letters")
        );
        assert_eq!(Group::of(Domain::Orders, "commands"), Group::new("orders", "commands").unwrap());
        for (domain, purpose) in [("", "a"), ("a", ""), ("a.b", "c"), ("a", "b.c"), ("A", "b"), ("a", "b/c")] {
            assert_eq!(Group::new(domain, purpose), None, "{domain} {purpose}");
        }
    }
}
