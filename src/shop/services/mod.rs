//! The services: each in a file of its own that says what it is made of ([`Parts`]), and the table of all of them.
//!
//! One more is a file here and its row in [`Service`], for which the compiler wants an arm of [`Service::parts`]. Whatever is done with
//! every service goes through the table; elsewhere one is named only by what is about that one alone.

mod notifications;
mod orders;
mod payments;
mod products;
mod stock;
mod users;

use clap::ValueEnum;

use super::parts::Parts;

/// A domain service. In the order in which they are opened, those first whom others refer to.
///
/// One a [`wire::Domain`]: that is a name in messages, and knows nothing of a command line nor of what a service is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub enum Service {
    /// Accounts and addresses.
    Users,
    /// The catalogue.
    Products,
    /// How many pieces there are.
    Stock,
    /// Orders.
    Orders,
    /// Money.
    Payments,
    /// What users are told.
    Notifications,
}

impl Service {
    /// All of them, those first whom others refer to.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::value_variants().iter().copied()
    }

    /// What it is made of.
    pub fn parts(self) -> &'static dyn Parts {
        match self {
            Self::Users => &self::users::Users,
            Self::Products => &self::products::Products,
            Self::Stock => &self::stock::Stock,
            Self::Orders => &self::orders::Orders,
            Self::Payments => &self::payments::Payments,
            Self::Notifications => &self::notifications::Notifications,
        }
    }

    /// Its name: the subgraph's, and its database's.
    pub fn name(self) -> &'static str {
        self.parts().name()
    }

    /// The environment variable with the URL of its own database: `USERS_DATABASE_URL` and the like.
    pub fn database_variable(self) -> String {
        format!("{}_DATABASE_URL", self.name().to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use wire::Domain;

    use super::*;

    #[test]
    fn a_service_is_called_the_same_everywhere() {
        for service in Service::all() {
            assert_eq!(service.to_possible_value().unwrap().get_name(), service.name());
        }
        assert_eq!(Service::Notifications.database_variable(), "NOTIFICATIONS_DATABASE_URL");
    }

    #[test]
    fn the_services_are_the_domains() {
        let names: Vec<&str> = Service::all().map(Service::name).collect();
        assert_eq!(names, Domain::ALL.map(Domain::as_str));
    }

    #[test]
    fn no_two_services_have_one_address() {
        let urls: BTreeSet<&str> = Service::all().map(|service| service.parts().routing_url()).collect();
        assert_eq!(urls.len(), Service::all().count());
    }
}
