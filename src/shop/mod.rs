//! The three domain services, put together: their databases, keys, seeds, and schemas.
//!
//! Knows each domain by name and its few public functions; no rule of any domain is here.

#[cfg(test)]
mod contract_tests;
pub mod databases;
pub mod in_process;
pub mod keys;
pub mod open;
mod pem;
pub mod seeding;
pub mod services;
pub mod tokens;

use clap::ValueEnum;

/// A domain service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Service {
    /// Accounts and addresses.
    Users,
    /// The catalogue.
    Products,
    /// Orders.
    Orders,
}

impl Service {
    /// All of them, those first whom others refer to.
    pub const ALL: [Self; 3] = [Self::Users, Self::Products, Self::Orders];

    /// Its name: the subgraph's, and its database's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Products => "products",
            Self::Orders => "orders",
        }
    }

    /// The environment variable with the URL of its own database.
    pub fn database_variable(self) -> &'static str {
        match self {
            Self::Users => "USERS_DATABASE_URL",
            Self::Products => "PRODUCTS_DATABASE_URL",
            Self::Orders => "ORDERS_DATABASE_URL",
        }
    }

    /// Where it is reached in the split form on one machine, as `schema/supergraph.yaml` says.
    pub fn routing_url(self) -> &'static str {
        match self {
            Self::Users => "http://127.0.0.1:4001/graphql",
            Self::Products => "http://127.0.0.1:4002/graphql",
            Self::Orders => "http://127.0.0.1:4003/graphql",
        }
    }
}
