//! On what was measured.

use std::fs;

/// The machine, for the report.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// Its cores, as the system counts them.
    pub cores: usize,
    /// Memory.
    pub gigabytes: u64,
    /// The system's version.
    pub kernel: String,
    /// Processes that wanted to run when it began (the average of a minute).
    pub load: String,
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let information = read("/proc/cpuinfo");
        let processor = information.lines().find(|line| line.starts_with("model name"));
        let memory = read("/proc/meminfo");
        let kilobytes = memory.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok());
        Self {
            processor: processor.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, name)| name).into(),
            // All of them: this runs on one.
            cores: information.lines().filter(|line| line.starts_with("processor")).count(),
            gigabytes: kilobytes.unwrap_or_default().div_ceil(1024 * 1024),
            kernel: read("/proc/sys/kernel/osrelease").trim().into(),
            load: read("/proc/loadavg").split_whitespace().next().unwrap_or("unknown").into(),
        }
    }
}
