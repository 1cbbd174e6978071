//! The router's HTTP door: pipeline, identity, limits, telemetry
