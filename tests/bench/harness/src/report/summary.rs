//! All workloads in one table: this router beside Hive Router, as ratios of medians.

use super::columns::{aligned, names};
use super::studies::measured;
use super::table::disturbed;
use crate::measurement::{Measured, WorkloadResult};
use crate::routers::Router;

/// A row a workload.
pub fn summary<'a>(results: impl Iterator<Item = &'a WorkloadResult>) -> String {
    let columns = [
        "workload",
        "CPU µs: ours",
        "Hive",
        "ratio",
        "requests/s: ours",
        "Hive",
        "ratio",
        "p99 ms: ours",
        "Hive",
        "calls: ours",
        "Hive",
        "MB under load: ours",
        "Hive",
    ];
    let results: Vec<_> = results.collect();
    let rows: Vec<_> = std::iter::once(names(&columns)).chain(results.iter().map(|result| row(result))).collect();
    aligned(&rows) + &disturbed(results.iter().flat_map(|result| &result.routers)).unwrap_or_default()
}

fn row(result: &WorkloadResult) -> Vec<String> {
    let (ours, hive) = (measured(result, Router::Ours), measured(result, Router::Hive));
    let number = |of: Option<&Measured>, value: fn(&Measured) -> f64, decimals: usize| {
        of.map_or_else(|| "–".to_owned(), |it| format!("{:.decimals$}", value(it)))
    };
    let ratio = |value: fn(&Measured) -> f64| match (ours, hive) {
        (Some(ours), Some(hive)) => format!("**{:.2}**", value(ours) / value(hive)),
        _ => String::new(),
    };
    let cpu = |it: &Measured| it.cpu_us.median;
    let requests = |it: &Measured| it.requests_per_second.median;
    let p99 = |it: &Measured| it.p99_ms.median;
    let resident = |it: &Measured| it.resident_kb.median / 1024.0;
    let calls = |it: &Measured| it.calls.median;
    vec![
        format!("`{}`", result.name),
        number(ours, cpu, 0),
        number(hive, cpu, 0),
        ratio(cpu),
        number(ours, requests, 0),
        number(hive, requests, 0),
        ratio(requests),
        number(ours, p99, 2),
        number(hive, p99, 2),
        number(ours, calls, 2),
        number(hive, calls, 2),
        number(ours, resident, 0),
        number(hive, resident, 0),
    ]
}
