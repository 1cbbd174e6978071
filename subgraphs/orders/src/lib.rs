//! The orders subgraph: placing, reading and cancelling orders, and what shipping costs.
//!
//! An order is its customer's or an administrator's, on every way to it. It must never see the
//! products or users crates: both appear here as entities with a key, and prices come through
//! [`catalogue::Catalogue`].

pub mod catalogue;
pub mod domain;
mod graphql;
mod placing;
mod seed;
pub mod store;
#[cfg(test)]
mod tests;

pub use graphql::{sdl, subgraph};
pub use placing::{OrderDesk, PlacingError};
pub use seed::seed;

/// The subgraph's name in the supergraph, and its database's.
pub const NAME: &str = "orders";

/// The schema of the orders database.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("../../migrations/orders");

kit::global_id!(OrderId, "Order");
kit::global_id!(ProductId, "Product");
kit::global_id!(UserId, "User");
