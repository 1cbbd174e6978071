//! Traces: what belongs together, over processes, messages and time, by W3C Trace Context.
//!
//! ```text
//! request → its events and commands → who handles them → what that sends in turn; jobs and calls of other services on the way
//! ```
//!
//! Two things that don't depend on each other. A trace's **context** is passed on always: what a service sends while it works on
//! something carries the `traceparent` of that, whoever made it. **Spans** are made once somebody has said where to
//! ([`install`]); before, [`Span`] does nothing but pass the context on, and builds no name or attribute.
//!
//! What is known here may be told to whoever keeps traces, so it names ids and kinds, never people nor what they said.

mod context;
mod span;

use std::sync::OnceLock;

use opentelemetry::global::BoxedTracer;

pub(crate) use context::parse;
pub use context::{here, traceparent};
pub use span::{Attributes, Parent, Span};

/// Who makes spans in this process.
static TRACER: OnceLock<BoxedTracer> = OnceLock::new();

/// Has spans made from now on. Once a process: `false` if somebody has before.
pub fn install(tracer: BoxedTracer) -> bool {
    TRACER.set(tracer).is_ok()
}
