//! The stock subgraph: how many pieces of each product there are, and who has spoken for them.
//!
//! A ledger of movements is the truth; what an item has is their sum, kept beside them by the same statement. Nothing is sold that
//! isn't there: rows are locked before they are judged, and the database refuses more reserved than there is, whatever a program
//! does. Orders keep pieces by command ([`handler`]) and the catalogue tells what there is to sell ([`catalogue`]). It must
//! never know prices, nor what a product is beyond its key.

pub mod catalogue;
pub mod domain;
pub mod expiry;
mod graphql;
pub mod handler;
pub mod returns;
mod seed;
pub mod store;
#[cfg(test)]
mod tests;
pub mod untold;
mod workers;

pub use graphql::{sdl, subgraph};
pub use seed::seed;
pub use store::StockStore;
pub use workers::workers;

/// The subgraph's name in the supergraph, and its database's.
pub const NAME: &str = "stock";

/// The schema of the stock database.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("../../migrations/stock");

kit::global_id!(ProductId, "Product");
kit::global_id!(VariantId, "ProductVariant");
kit::global_id!(OrderId, "Order");
kit::global_id!(ReservationId, "Reservation");
