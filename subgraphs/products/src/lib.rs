//! The products subgraph: the catalogue, and its prices.
//!
//! Everyone may read the catalogue; only administrators write it. It must never know orders or
//! users: they refer to products by key.

pub mod availability;
mod caches;
pub mod desk;
pub mod domain;
mod events;
mod graphql;
mod seed;
pub mod store;
#[cfg(test)]
mod tests;
mod workers;

pub use caches::tell_caches;
pub use graphql::{sdl, subgraph};
pub use seed::{seed, seeded_products};
pub use workers::{workers, workers_over};

/// The subgraph's name in the supergraph, and its database's.
pub const NAME: &str = "products";

/// The schema of the products database.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("../../migrations/products");

kit::global_id!(PageId, "Page");
kit::global_id!(ProductId, "Product");
kit::global_id!(VariantId, "ProductVariant");
