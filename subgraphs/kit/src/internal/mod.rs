//! REST between services, under [`PATH`]: for the few questions that one service must have answered by another at once.
//!
//! ```text
//! client: key, deadline, breaker, again ─ signed identity → server: identity → deadline → body → handler ─ once under the key
//!                                         problem+json   ←
//! ```
//!
//! A server ([`serve`]) answers services alone, by their own signed identity, and those alone that it was told of: never users,
//! whose calls come by the router. A client ([`InternalClient`]) sends the same bytes over TCP and within a process. It repeats
//! what may be repeated: what only reads or sets, or has an idempotency key.
//!
//! Errors are problems (RFC 9457) with a stable `code`. The routes tell what they take and give: an OpenAPI 3.1 document at
//! `/internal/v1/openapi.json`.

pub mod client;
pub mod codes;
mod deadline;
mod document;
mod guard;
mod keyed;
mod problem;
mod serve;
mod service;
#[cfg(test)]
mod tests;

pub use client::{CallError, ClientConfig, InternalClient};
pub use deadline::Deadline;
pub use keyed::{Keyed, KeyedReply};
pub use problem::{Problem, ProblemDocument};
pub use serve::{InternalApi, InternalConfig, serve};
pub use service::CallingService;

/// Where all of it is.
pub const PATH: &str = "/internal/v1";
/// Where a service's OpenAPI document is, below [`PATH`].
const DOCUMENT: &str = "/openapi.json";
/// How many milliseconds the caller still waits, when it sends.
pub const DEADLINE_HEADER: &str = "supergraph-deadline-ms";
/// What is done once: the draft of the HTTP working group that payment services follow.
pub const KEY_HEADER: &str = "idempotency-key";
/// Says that a reply is one from memory.
pub const REPLAYED_HEADER: &str = "idempotency-replayed";
/// The media type of errors.
const PROBLEM_TYPE: &str = "application/problem+json";
