//! The domain services, put together: their databases, keys, seeds, and schemas.
//!
//! What each is made of is in [`services`], in a file of its own; all else here is about every service, or about what services stand on.
//! No rule of any domain is here.

pub mod background;
pub mod bus;
pub mod catalogue;
pub mod config;
#[cfg(test)]
mod contract_tests;
pub mod database_urls;
pub mod in_process;
pub mod keys;
pub mod metrics;
pub mod objects;
pub mod open;
pub mod outside;
pub mod own_database;
pub mod parts;
pub mod peers;
mod pem;
pub mod reads;
pub mod resources;
pub mod seeding;
pub mod server_url;
mod services;
pub mod split;
pub mod tokens;
pub mod traces;
pub mod trust;

pub use services::Service;
