//! A workload's results.

use super::columns::{aligned, megabytes, names, spread};
use crate::measurement::{LeftOut, Measured, RouterResult, Spread, WorkloadResult};

/// What other programs may take of both cores in a round that is worth keeping, in percent.
const OTHERS_MAX: f64 = 5.0;

const COLUMNS: [&str; 12] = [
    "router",
    "CPU µs a request",
    "of it user",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "subgraph calls",
    "MB under load",
    "MB at most",
    "MB at rest",
    "start ms",
    "void",
];

/// The table, with what was left out below it.
pub fn table(result: &WorkloadResult) -> String {
    let rows: Vec<_> = std::iter::once(names(&COLUMNS)).chain(result.routers.iter().map(row)).collect();
    aligned(&rows) + &disturbed(result.routers.iter()).unwrap_or_default() + &left_out(&result.left_out)
}

/// Who is not in a table, and why.
pub fn left_out(those: &[LeftOut]) -> String {
    let line = |each: &LeftOut| format!("\n{} is left out: {}.\n", each.router.title(), each.why);
    those.iter().map(line).collect()
}

/// Whether other programs took too much of the machine.
pub fn disturbed<'a>(routers: impl Iterator<Item = &'a RouterResult>) -> Option<String> {
    let others = Spread::of(routers.flat_map(|router| &router.rounds).map(|round| round.others))?;
    (others.median > OTHERS_MAX).then(|| {
        let others = spread(others, 0);
        format!("\nOther programs took {others} % of both cores: these numbers are no more than a hint.\n")
    })
}

fn row(result: &RouterResult) -> Vec<String> {
    let void = result.rounds.iter().filter(|round| round.void.is_some()).count();
    let mut row = vec![result.router.title().into()];
    row.extend(result.measured.as_ref().map_or_else(|| vec!["–".into(); 7], numbers));
    row.push(megabytes(result.loaded.peak_kb));
    row.push(megabytes(result.at_rest.resident_kb));
    row.push(format!("{:.0}", result.start_ms));
    row.push(if void == 0 { String::new() } else { format!("{void} of {}", result.rounds.len()) });
    row
}

fn numbers(measured: &Measured) -> Vec<String> {
    let mark = if measured.saturated { " (load core full)" } else { "" };
    vec![
        spread(measured.cpu_us, 0),
        format!("{:.0}", measured.user_us.median),
        format!("{}{mark}", spread(measured.requests_per_second, 0)),
        spread(measured.p50_ms, 2),
        spread(measured.p99_ms, 2),
        format!("{:.2}", measured.calls.median),
        megabytes(measured.resident_kb.median as u64),
    ]
}
