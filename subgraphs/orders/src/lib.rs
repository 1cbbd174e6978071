//! The orders subgraph: carts, placing and following orders, returns, and what shipping costs.
//!
//! An order is what has happened to it ([`domain::order`]); its purchase is a saga between stock and payments
//! ([`domain::saga`]); lists are read from a projection ([`projection`]). An order is its customer's or an administrator's, on
//! every way to it. It must never see the products or users crates: both appear here as entities with a key, and prices
//! come through [`catalogue::Catalogue`], how an order is paid through [`payments::Payments`].

mod announce;
mod blocked_users;
mod caches;
pub mod catalogue;
mod commands;
pub mod domain;
mod exporting;
mod given_back;
mod graphql;
mod internal;
mod invoicing;
pub mod payments;
mod placing;
pub mod projection;
mod sagas;
mod seed;
pub mod store;
#[cfg(test)]
mod tests;
mod workers;

pub use caches::tell_caches;
pub use graphql::{sdl, subgraph};
pub use internal::{CustomerView, internal_api};
pub use placing::{CartError, OrderDesk, PlacingError};
pub use seed::seed;
pub use workers::{WorkersError, jobs, workers};

/// The subgraph's name in the supergraph, and its database's.
pub const NAME: &str = "orders";

/// The schema of the orders database.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("../../migrations/orders");

kit::global_id!(OrderExportId, "OrderExport");
kit::global_id!(OrderId, "Order");
kit::global_id!(ProductId, "Product");
kit::global_id!(RefundId, "Refund");
kit::global_id!(UserId, "User");
kit::global_id!(VariantId, "ProductVariant");
