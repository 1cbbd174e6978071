//! The router's HTTP door: pipeline, identity, limits, telemetry.
//!
//! HTTP adapters turn requests into [`request::GraphQlRequest`]s, one pipeline answers them, subgraphs are reached
//! through [`fetch::RoutedFetch`]. Files, environment and clock are read only through [`Sources`], which the binary
//! hands in. Nothing here ever plans, merges or looks into a subgraph's answer.

mod admission;
pub mod config;
mod decode;
mod error;
#[cfg(test)]
mod error_codes;
pub mod fetch;
mod findings;
mod flights;
mod gateway;
mod generation;
pub mod graphiql;
mod header_names;
mod header_values;
mod http;
mod identity;
pub mod pipeline;
pub mod refusal;
mod reload;
pub mod request;
mod sources;
pub mod telemetry;
#[cfg(test)]
mod testing;

pub use config::Config;
pub use error::GatewayError;
pub use fetch::{InProcess, RoutedFetch};
pub use gateway::{Edition, Gateway};
pub use http::serve::{Options as ServeOptions, serve};
pub use prometheus_client::collector::Collector;
pub use prometheus_client::encoding::DescriptorEncoder;
pub use reload::Reloaded;
pub use sources::Sources;
pub use telemetry::external::ExternalMetrics;
