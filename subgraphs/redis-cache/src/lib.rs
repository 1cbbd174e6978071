//! [`kit::cache::SharedCache`] in Redis, and the only crate that knows its client.
//!
//! One server (or a primary that something else fails over), not a cluster: a call names keys of many slots. What it keeps may
//! be lost at any time; it must never be more than a cache.
//!
//! Each call is one Lua script over all of its keys, so that it is atomic, and one round trip. Scripts are called by their
//! hash, and by their text when the server doesn't know them yet.

mod answer;
mod client;
mod error;
mod script;
mod target;
#[cfg(test)]
mod tests;
mod tier;

pub use client::RedisCache;
pub use error::RedisError;
