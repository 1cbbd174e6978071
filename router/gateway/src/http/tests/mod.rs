//! The door as clients meet it, over canned subgraphs.

mod batching;
mod bodies;
mod browser;
mod compression;
mod deferred;
mod deferred_calls;
mod fuzzing;
mod masking;
mod operation_names;
mod overrides;
mod plans;
mod proofs;
mod protocol;
mod read_after;
mod refusals;
mod reloading;
mod serving;
mod statuses;
mod telemetry;
mod wire;
