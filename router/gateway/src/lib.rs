//! The router's HTTP door: pipeline, identity, limits, telemetry
pub mod config;
