//! A workload's results as a table of text, which is Markdown, too.

use crate::measurement::{Measured, RouterResult, Spread, WorkloadResult};

/// What other programs may take of both cores in a round that is worth keeping, in percent.
const OTHERS_MAX: f64 = 5.0;

/// The table, with what was left out below it.
pub fn table(result: &WorkloadResult) -> String {
    let mut rows = vec![vec![
        "router".into(),
        "CPU µs a request".into(),
        "requests/s".into(),
        "p50 ms".into(),
        "p99 ms".into(),
        "subgraph calls".into(),
        "start ms".into(),
        "MB at rest".into(),
        "MB under load".into(),
        "void".into(),
    ]];
    rows.extend(result.routers.iter().map(row));
    let mut text = aligned(&rows);
    let others = result.routers.iter().flat_map(|router| &router.rounds).map(|round| round.others);
    if let Some(others) = Spread::of(others)
        && others.high > OTHERS_MAX
    {
        text += &format!(
            "\nOther programs took {:.0} % of both cores ({:.0}–{:.0}): these numbers are no more than a hint.\n",
            others.median, others.low, others.high
        );
    }
    for each in &result.left_out {
        text += &format!("\n{} is left out: {}\n", each.router.title(), each.reason);
    }
    text
}

fn row(result: &RouterResult) -> Vec<String> {
    let void = result.rounds.iter().filter(|round| round.void.is_some()).count();
    let megabytes = |kilobytes: u64| format!("{:.0}", kilobytes as f64 / 1024.0);
    let mut row = vec![result.router.title().into()];
    row.extend(result.measured.as_ref().map_or_else(|| vec!["–".into(); 5], numbers));
    row.push(format!("{:.0}", result.start_ms));
    row.push(megabytes(result.at_rest.resident_kb));
    row.push(megabytes(result.loaded.peak_kb));
    row.push(if void == 0 { String::new() } else { format!("{void} of {}", result.rounds.len()) });
    row
}

fn numbers(measured: &Measured) -> Vec<String> {
    let mark = if measured.saturated { " (load core full)" } else { "" };
    vec![
        spread(measured.cpu_us, 0),
        format!("{}{mark}", spread(measured.requests_per_second, 0)),
        spread(measured.p50_ms, 2),
        spread(measured.p99_ms, 2),
        format!("{:.2}", measured.calls.median),
    ]
}

/// A median and between which numbers it lies.
fn spread(spread: Spread, decimals: usize) -> String {
    format!("{:.decimals$} ({:.decimals$}–{:.decimals$})", spread.median, spread.low, spread.high)
}

/// Rows of a Markdown table with columns of one width, the first to the left and the others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|it| it.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            text += &if column == 0 { format!("| {cell:<width$} ") } else { format!("| {cell:>width$} ") };
        }
        text += "|\n";
        if number == 0 {
            for (column, width) in widths.iter().enumerate() {
                let mark = if column == 0 { "-" } else { ":" };
                text += &format!("|{:->width$}{mark}", "", width = width + 1);
            }
            text += "|\n";
        }
    }
    text
}
