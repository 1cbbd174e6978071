//! The domains of the shop, by name: who tells events, who handles commands, who is answered.
//!
//! Nothing here says what a domain does. A type name or a source may name a domain that this build doesn't know; that is no
//! error, only nobody of ours.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One domain: a service with its own database and its own topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Domain {
    /// Accounts, addresses and preferences.
    Users,
    /// The catalogue and its pages.
    Products,
    /// How much there is of what, and who has spoken for it.
    Stock,
    /// What customers ordered, and how far that has come.
    Orders,
    /// Money taken and given back.
    Payments,
    /// What users are told, and by which way.
    Notifications,
}

impl Domain {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Users, Self::Products, Self::Stock, Self::Orders, Self::Payments, Self::Notifications];

    /// Its name in topics, type names and sources.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Products => "products",
            Self::Stock => "stock",
            Self::Orders => "orders",
            Self::Payments => "payments",
            Self::Notifications => "notifications",
        }
    }

    /// By its name; `None` for names that no domain has.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|domain| domain.as_str() == name)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topic::{Purpose, Topic};

    #[test]
    fn every_domain_reads_back_and_is_a_topics() {
        for domain in Domain::ALL {
            assert_eq!(Domain::parse(domain.as_str()), Some(domain));
            assert_eq!(serde_json::to_value(domain).unwrap(), domain.as_str());
            assert_eq!(Topic::new(domain.as_str(), Purpose::Events), Some(Topic::of(domain, Purpose::Events)));
        }
        assert_eq!(Domain::parse("Orders"), None);
    }
}
