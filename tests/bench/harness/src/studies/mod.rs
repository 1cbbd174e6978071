//! What is measured otherwise than by keeping a number of clients busy for some rounds.

mod latency;
mod overload;
mod peak;
mod start;
mod sweep;

pub use latency::{LatencyResult, latency};
pub use overload::{OverloadResult, overload};
pub use start::{StartResult, start};
pub use sweep::{Point, SweepResult, fetches, sizes};
