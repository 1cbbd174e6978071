//! What the worst attacks cost the planner: each is planned in a process of its own, as the gateway would plan it, and
//! its time and memory are printed as a table.
//!
//!   cargo run --release -p planner --example attacks [NUMBER]
//!
//! With a number the attack of that number alone, as JSON. Exit 1 if one takes more than a second of the processor, or more
//! than 100 MB above what the process had before. Memory is read from `/proc`, so that this runs on Linux alone.

mod cases;

use std::error::Error;
use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::time::Duration;

use federation::{LabelId, LabelSet, Limits, Supergraph};
use graphql::{ExecutableDocument, with_defer};
use planner::{Budget, Decided, Deferral};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use cases::Attack;

/// What the gateway gives planning at most.
const TIME_MAX: Duration = Duration::from_millis(900);

/// What an attack may cost: seconds of the processor, and megabytes.
const SECONDS_MAX: f64 = 1.0;
const MEGABYTES_MAX: f64 = 100.0;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let attacks = cases::all();
    let mut out = std::io::stdout().lock();
    if let Some(number) = std::env::args().nth(1) {
        let attack = attacks.get(number.parse::<usize>()?).ok_or("no such attack")?;
        writeln!(out, "{}", measure(attack)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let own = std::env::current_exe()?;
    let mut exit = ExitCode::SUCCESS;
    writeln!(out, "| attack | seconds | MB | ends with |\n|---|---|---|---|")?;
    for (number, attack) in attacks.iter().enumerate() {
        let output = Command::new(&own).arg(number.to_string()).output()?;
        let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| json!({ "result": "it died" }));
        let of = |key: &str| found.get(key).and_then(Value::as_f64).unwrap_or(f64::INFINITY);
        let result = found.get("result").and_then(Value::as_str).unwrap_or_default();
        writeln!(out, "| {} | {:.3} | {:.1} | {result} |", attack.name, of("seconds"), of("megabytes"))?;
        if of("seconds") > SECONDS_MAX || of("megabytes") > MEGABYTES_MAX {
            exit = ExitCode::FAILURE;
        }
    }
    Ok(exit)
}

/// Plans one attack.
fn measure(attack: &Attack) -> Result<Value, Box<dyn Error>> {
    let supergraph = Supergraph::parse(&attack.supergraph, Limits::default())
        .map_err(|found| format!("{}: {found:?}", attack.name))?;
    let schema = with_defer(&supergraph.api_schema);
    let document = ExecutableDocument::parse_and_validate(&schema, &attack.query, "operation.graphql")
        .map_err(|found| format!("{}: {found}", attack.name))?;
    let mut labels = LabelSet::default();
    for (number, label) in (0..).zip(&supergraph.override_labels) {
        if attack.labels.contains(label) {
            labels.insert(LabelId(number));
        }
    }
    let decided = Decided { conditions: &|_| None, labels: &labels, deferral: Deferral::On };
    // From here on the highest use of memory is noted anew.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = kilobytes("VmRSS:")?;
    let started = processor_time();
    let stop = || processor_time().saturating_sub(started) >= TIME_MAX;
    let plan = planner::plan(&supergraph, &document, None, decided, &Budget { stop: Some(&stop), ..Budget::default() });
    let seconds = processor_time().saturating_sub(started).as_secs_f64();
    let used = kilobytes("VmHWM:")?.saturating_sub(before);
    let result = match &plan {
        Ok(plan) => format!("{} requests in {} steps", plan.requests(), plan.steps()),
        Err(error) => error.to_string(),
    };
    Ok(json!({ "seconds": seconds, "megabytes": used as f64 / 1024.0, "result": result }))
}

/// A number of the process's status.
fn kilobytes(name: &str) -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such number")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

/// How long this thread has had a processor.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}
