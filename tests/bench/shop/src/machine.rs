//! What the machine's processors were busy with, by `/proc`.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

/// `USER_HZ`, which is 100 wherever Linux runs.
const TICKS_A_SECOND: f64 = 100.0;
/// Above this share the processors are the limit; below it something waits: for a disk, or for an answer.
const IS_BUSY: f64 = 0.85;

/// A measurement that runs.
pub struct Meter {
    began: Instant,
    busy: f64,
    by_program: BTreeMap<String, f64>,
}

/// What was used meanwhile.
pub struct Used {
    /// How long it took.
    pub elapsed: Duration,
    /// Of all processors, from 0 to 1.
    busy: f64,
    /// Processor seconds a second.
    by_program: Vec<(String, f64)>,
}

impl Meter {
    /// Begins.
    pub fn start() -> Self {
        Self { began: Instant::now(), busy: busy_seconds(), by_program: by_program() }
    }

    /// Ends.
    pub fn stop(self) -> Used {
        let elapsed = self.began.elapsed();
        let seconds = elapsed.as_secs_f64().max(0.001);
        let processors = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        let used = |(program, ticks): (String, f64)| {
            let before = self.by_program.get(&program).copied().unwrap_or_default();
            (program, (ticks - before).max(0.0) / seconds)
        };
        let mut by_program: Vec<_> = by_program().into_iter().map(used).filter(|(_, share)| *share >= 0.02).collect();
        by_program.sort_by(|one, other| other.1.total_cmp(&one.1));
        Used { elapsed, busy: (busy_seconds() - self.busy) / seconds / processors, by_program }
    }
}

impl Used {
    /// What it was that allowed no more, for people.
    pub fn limit(&self) -> String {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        let programs: Vec<_> =
            self.by_program.iter().take(4).map(|(program, share)| format!("{program} {}", percent(*share))).collect();
        let limit = if self.busy >= IS_BUSY { "processors" } else { "waiting (commits' sync, round trips)" };
        format!("{limit}: {} busy; of one processor {}", percent(self.busy), programs.join(", "))
    }
}

/// Seconds that all processors together have worked.
fn busy_seconds() -> f64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = text.lines().next().unwrap_or_default().split_whitespace().skip(1);
    let ticks: Vec<f64> = ticks.map(|number| number.parse().unwrap_or(0.0)).collect();
    // user nice system idle iowait irq softirq steal
    let idle: f64 = ticks.iter().skip(3).take(2).sum();
    (ticks.iter().take(8).sum::<f64>() - idle) / TICKS_A_SECOND
}

/// Seconds that programs have worked which still run, by their names.
fn by_program() -> BTreeMap<String, f64> {
    let mut seconds = BTreeMap::new();
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(text) = fs::read_to_string(process.path().join("stat")) else { continue };
        // The name stands in brackets and may hold anything.
        let Some((_, rest)) = text.split_once('(') else { continue };
        let Some((name, rest)) = rest.rsplit_once(')') else { continue };
        // The kernel's own threads are children of the second process. They take other names as they like.
        let name = if rest.split_whitespace().nth(1) == Some("2") { "the kernel" } else { name };
        let ticks = rest.split_whitespace().skip(11).take(2).map(|number| number.parse().unwrap_or(0.0));
        *seconds.entry(name.to_owned()).or_insert(0.0) += ticks.sum::<f64>() / TICKS_A_SECOND;
    }
    seconds
}
