//! What tests of subgraphs need: a real database a test.
//!
//! Only built for tests. It must never be reachable from the binary.
#![expect(clippy::expect_used, clippy::panic, reason = "a test without its database can only fail")]

mod database;
mod identity;
mod migrations;
mod server;
mod wait;

pub use database::TestDatabase;
pub use identity::TestIdentity;
pub use migrations::migrations_are_reversible;
pub use wait::{WAIT_MAX, wait_for};
