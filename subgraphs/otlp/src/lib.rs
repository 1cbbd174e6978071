//! Export of traces by the OpenTelemetry protocol, OTLP over HTTP with protobuf: what [`kit::trace`] makes goes to a collector.
//!
//! Nobody waits for it. Ended spans go into a queue with a bound, from which a thread of its own sends them in batches; when it is
//! full, or the collector away for longer than the queue holds, spans are lost and nothing else is. Nothing else names the
//! libraries by which that is done.

mod config;
mod sampler;
mod start;
#[cfg(test)]
mod tests;

pub use config::TracesConfig;
pub use start::{Exporting, OtlpError, start};
