//! What tests of subgraphs need: a real database a test, and other real
//! servers.
//!
//! Only built for tests. It must never be reachable from the binary.
#![expect(clippy::expect_used, clippy::panic, reason = "a test without its database can only fail")]

mod database;
mod guarded;
mod identity;
mod memory_cache;
mod migrated_rows;
mod migrations;
mod redis;
mod server;
mod standby;
mod wait;
mod wanted;

pub use database::TestDatabase;
pub use identity::TestIdentity;
pub use memory_cache::MemoryCache;
pub use migrated_rows::migrations_keep_rows;
pub use migrations::migrations_are_reversible;
pub use redis::TestRedis;
pub use standby::TestStandby;
pub use wait::{WAIT_MAX, wait_for, wait_to_see, wait_within};
pub use wanted::wanted;
