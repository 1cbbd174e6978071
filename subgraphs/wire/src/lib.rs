//! What crosses process borders, for the router and the subgraphs alike.
//!
//! A leaf: it depends on neither side, knows no web framework and no GraphQL
//! library, and does no I/O. Time and key bytes are handed in.

pub mod bus;
pub mod codes;
pub mod command;
pub mod commands;
pub mod domain;
pub mod event;
pub mod events;
pub mod id;
pub mod identity;
pub mod money;
mod open_enum;
pub mod read_after;
pub mod schema;
pub mod topic;

pub use domain::Domain;
pub use open_enum::InvalidName;
