//! What tests of subgraphs need: a real database a test.
//!
//! Only built for tests. It must never be reachable from the binary.
#![expect(clippy::expect_used, clippy::panic, reason = "a test without its database can only fail")]

mod database;
mod identity;
mod server;

pub use database::TestDatabase;
pub use identity::TestIdentity;
