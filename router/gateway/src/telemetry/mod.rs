//! What people who run the router see: metrics, one log line a request, trace ids.

mod bounded;
pub mod client;
pub mod external;
pub mod metrics;
mod reloads;
pub mod trace;
