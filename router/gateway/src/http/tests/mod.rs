//! The door as clients meet it, over canned subgraphs.

mod batching;
mod browser;
mod compression;
mod deferred;
mod fuzzing;
mod plans;
mod protocol;
mod refusals;
mod reloading;
mod serving;
mod telemetry;
