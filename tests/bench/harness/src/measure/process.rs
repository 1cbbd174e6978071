//! A process and its descendants, as `/proc` tells of them.

use std::fs;
use std::iter::Sum;
use std::time::Duration;

use crate::failure::{Failure, Result, Tried};

/// What a process holds.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub struct Memory {
    /// Resident now, in kilobytes.
    pub resident_kb: u64,
    /// Resident at most since its start, in kilobytes.
    pub peak_kb: u64,
}

/// Processor time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct CpuTime {
    /// In programs.
    pub user: Duration,
    /// In the system, on their behalf.
    pub system: Duration,
}

impl CpuTime {
    /// Both.
    pub fn total(self) -> Duration {
        self.user + self.system
    }

    /// Since an earlier time of the same processes; nothing if one of them has ended.
    pub fn since(self, earlier: Self) -> Self {
        let (user, system) = (self.user.saturating_sub(earlier.user), self.system.saturating_sub(earlier.system));
        Self { user, system }
    }
}

impl Sum for CpuTime {
    fn sum<I: Iterator<Item = Self>>(times: I) -> Self {
        times.fold(Self::default(), |sum, time| Self { user: sum.user + time.user, system: sum.system + time.system })
    }
}

/// What a process, all of its threads and all of its descendants took since their starts. The system counts it in hundredths
/// of a second.
pub fn cpu_time(process: u32) -> Result<CpuTime> {
    let time: CpuTime = tree(process).into_iter().filter_map(of_one).sum();
    if time.total().is_zero() && fs::metadata(format!("/proc/{process}")).is_err() {
        return Err(Failure::Program(format!("process {process} has ended")));
    }
    Ok(time)
}

/// Memory of a process and its descendants.
pub fn memory(process: u32) -> Result<Memory> {
    let path = format!("/proc/{process}/status");
    fs::metadata(&path).tried("reading the memory of a router")?;
    let of = |process| fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    Ok(tree(process).into_iter().map(of).fold(Memory::default(), |sum, status| Memory {
        resident_kb: sum.resident_kb + kilobytes(&status, "VmRSS:"),
        peak_kb: sum.peak_kb + kilobytes(&status, "VmHWM:"),
    }))
}

/// A process and its descendants.
fn tree(process: u32) -> Vec<u32> {
    let mut found = vec![process];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        let Ok(tasks) = fs::read_dir(format!("/proc/{parent}/task")) else {
            next += 1;
            continue;
        };
        for task in tasks.flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            found.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        next += 1;
    }
    found
}

/// `utime` and `stime`, the 14th and 15th fields of `stat`; a name in parentheses comes before, and may hold anything.
fn of_one(process: u32) -> Option<CpuTime> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, behind_name) = stat.rsplit_once(')')?;
    let mut fields = behind_name.split_whitespace().skip(11);
    let per_second = rustix::param::clock_ticks_per_second() as f64;
    let mut next = || Some(Duration::from_secs_f64(fields.next()?.parse::<u64>().ok()? as f64 / per_second));
    Some(CpuTime { user: next()?, system: next()? })
}

fn kilobytes(status: &str, key: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_takes_time_and_memory() {
        let before = cpu_time(std::process::id()).unwrap();
        let mut sum = 0_u64;
        while cpu_time(std::process::id()).unwrap().since(before).total() < Duration::from_millis(20) {
            sum = (0..100_000_u64).fold(sum, |sum, each| sum.wrapping_mul(31).wrapping_add(each));
        }
        assert_ne!(sum, 1);
        let memory = memory(std::process::id()).unwrap();
        assert!(memory.resident_kb > 100 && memory.peak_kb >= memory.resident_kb);
    }

    #[test]
    fn a_process_that_has_ended_is_told() {
        assert!(cpu_time(u32::MAX).is_err());
        assert!(memory(u32::MAX).is_err());
    }
}
