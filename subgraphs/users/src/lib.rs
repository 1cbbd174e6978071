//! The users subgraph: who the platform's users are, where they live, and how they want to be told things.
//!
//! It owns `User` and its addresses. A user's name is public; email and
//! addresses are for the user and administrators only, through every way in,
//! `_entities` included. It must never know what a user buys.

mod caches;
mod commands;
pub mod contact;
mod domain;
mod erasing;
mod graphql;
mod internal;
mod loaders;
mod schema;
mod seed;
mod store;
mod workers;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use kit::{Access, Reads, Subgraph};

pub use caches::tell_caches;
pub use domain::{AddressId, UserId};
pub use internal::internal_api;
pub use seed::seed;
pub use store::{StoreError, UserStore};
pub use workers::workers;

/// The subgraph's name in the supergraph, and its database's.
pub const NAME: &str = "users";

/// The schema of this service's database.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

/// The subgraph on the database of `reads`, which has been migrated.
#[must_use]
pub fn subgraph(reads: &Reads, access: Access) -> Subgraph {
    graphql::subgraph(reads, access)
}

/// The subgraph's contract, without a database.
#[must_use]
pub fn sdl() -> String {
    graphql::sdl()
}

#[cfg(test)]
mod tests;
