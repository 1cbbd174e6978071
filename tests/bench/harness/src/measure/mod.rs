//! What the system says that a measurement took.

mod cores;
mod machine;
mod process;
mod watch;

pub use cores::{CoreTimes, allowed_cores, on_core, raise_descriptors};
pub use machine::Machine;
pub use process::{CpuTime, Memory, cpu_time, memory};
pub use watch::{Watch, saturated};
