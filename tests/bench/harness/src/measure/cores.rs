//! Which core does what, and how busy it is.

use std::fs;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::failure::{Failure, Result, Tried};

/// Those that this program may use, in order.
pub fn allowed_cores() -> Result<Vec<usize>> {
    let set = sched_getaffinity(None).tried("reading on which cores this runs")?;
    Ok((0..CpuSet::MAX_CPU).filter(|core| set.is_set(*core)).collect())
}

/// Runs `work` on one core, with all that it starts, and comes back to where it was.
pub fn on_core<T>(core: usize, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let before = sched_getaffinity(None).tried("reading on which cores this runs")?;
    let mut only = CpuSet::new();
    only.set(core);
    sched_setaffinity(None, &only).tried(format!("going to core {core}"))?;
    let done = work();
    sched_setaffinity(None, &before).tried("going back to the other cores")?;
    done
}

/// As many open files as the system allows: thousands of connections are measured.
pub fn raise_descriptors() -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).tried("raising the limit on open files")
}

/// What a core has done since the machine's start, in ticks.
#[derive(Debug, Clone, Copy)]
pub struct CoreTimes {
    idle: u64,
    all: u64,
}

impl CoreTimes {
    /// As of now.
    pub fn read(core: usize) -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat").tried("reading /proc/stat")?;
        let name = format!("cpu{core} ");
        let line = stat.lines().find_map(|line| line.strip_prefix(&name));
        let line = line.ok_or_else(|| Failure::Program(format!("there is no core {core}")))?;
        let ticks: Vec<u64> = line.split_whitespace().take(8).filter_map(|field| field.parse().ok()).collect();
        // Idle, and idle while something is read from a disk.
        let idle = ticks.iter().skip(3).take(2).sum();
        Ok(Self { idle, all: ticks.iter().sum() })
    }

    /// Which part of the time since `before` it was busy, in percent.
    pub fn busy_percent_since(self, before: Self) -> f64 {
        let all = self.all.saturating_sub(before.all);
        if all == 0 { 0.0 } else { 100.0 * self.busy_ticks_since(before) as f64 / all as f64 }
    }

    /// How long it was busy since `before`.
    pub fn busy_since(self, before: Self) -> Duration {
        let ticks = self.busy_ticks_since(before) as f64;
        Duration::from_secs_f64(ticks / rustix::param::clock_ticks_per_second() as f64)
    }

    fn busy_ticks_since(self, before: Self) -> u64 {
        let all = self.all.saturating_sub(before.all);
        all.saturating_sub(self.idle.saturating_sub(before.idle))
    }
}
