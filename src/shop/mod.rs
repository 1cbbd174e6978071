//! The domain services, put together: their databases, keys, seeds, and schemas.
//!
//! Knows each domain by name and its few public functions; no rule of any domain is here.

pub mod background;
pub mod bus;
pub mod catalogue;
pub mod config;
#[cfg(test)]
mod contract_tests;
pub mod databases;
pub mod in_process;
pub mod keys;
pub mod metrics;
pub mod objects;
pub mod open;
pub mod outside;
pub mod peers;
mod pem;
pub mod projections;
pub mod reads;
pub mod resources;
pub mod seeding;
pub mod services;
pub mod split;
pub mod tokens;
pub mod traces;
pub mod workers;

use clap::ValueEnum;

/// A domain service.
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
    pub const ALL: [Self; 6] =
        [Self::Users, Self::Products, Self::Stock, Self::Orders, Self::Payments, Self::Notifications];

    /// Its name: the subgraph's, and its database's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Products => "products",
            Self::Stock => "stock",
            Self::Orders => "orders",
            Self::Payments => "payments",
            Self::Notifications => "notifications",
        }
    }

    /// The environment variable with the URL of its own database.
    pub fn database_variable(self) -> &'static str {
        match self {
            Self::Users => "USERS_DATABASE_URL",
            Self::Products => "PRODUCTS_DATABASE_URL",
            Self::Stock => "STOCK_DATABASE_URL",
            Self::Orders => "ORDERS_DATABASE_URL",
            Self::Payments => "PAYMENTS_DATABASE_URL",
            Self::Notifications => "NOTIFICATIONS_DATABASE_URL",
        }
    }

    /// Where it is reached in the split form on one machine, as `schema/supergraph.yaml` says.
    pub fn routing_url(self) -> &'static str {
        match self {
            Self::Users => "http://127.0.0.1:4001/graphql",
            Self::Products => "http://127.0.0.1:4002/graphql",
            Self::Orders => "http://127.0.0.1:4003/graphql",
            Self::Stock => "http://127.0.0.1:4004/graphql",
            Self::Payments => "http://127.0.0.1:4005/graphql",
            Self::Notifications => "http://127.0.0.1:4006/graphql",
        }
    }
}
