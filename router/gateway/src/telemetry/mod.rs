//! What people who run the router see: metrics, one log line a request, trace ids.

pub mod client;
pub mod external;
pub mod metrics;
pub mod trace;
