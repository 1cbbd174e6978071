//! What tests of subgraphs need: a real database a test, and other real
//! servers.
//!
//! Only built for tests. It must never be reachable from the binary.
#![expect(clippy::expect_used, clippy::panic, reason = "a test without its database can only fail")]

mod database;
mod guarded;
mod identity;
mod redis;
mod server;
mod standby;

pub use database::TestDatabase;
pub use identity::TestIdentity;
pub use redis::TestRedis;
pub use standby::TestStandby;
