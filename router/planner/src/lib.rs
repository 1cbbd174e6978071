//! Query planning: `(Supergraph, Operation) → QueryPlan`.
//!
//! Pure: no I/O, no async, no clock, no globals.

pub mod plan;

pub use plan::QueryPlan;
