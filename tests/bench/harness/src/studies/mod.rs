//! What is measured otherwise than by keeping a number of clients busy for some rounds.

mod forms;
mod latency;
mod overload;
mod peak;
mod soak;
mod start;
mod sweep;

pub use forms::{FormsResult, forms};
pub use latency::{LatencyResult, latency};
pub use overload::{OverloadResult, overload};
pub use soak::{SoakResult, soak};
pub use start::{StartResult, start};
pub use sweep::{Point, SweepResult, fetches, sizes};
