//! The studies' results.

use super::columns::{aligned, megabytes, names, spread};
use super::table::left_out;
use crate::measurement::{Measured, WorkloadResult};
use crate::routers::Router;
use crate::studies::{FormsResult, LatencyResult, OverloadResult, Point, SoakResult, StartResult, SweepResult};

/// Latencies at seventy percent of the peak.
pub fn latency(result: &LatencyResult) -> String {
    let mut rows =
        vec![names(&["router", "requests/s asked", "p50 ms", "p99 ms", "refused", "load core %", "others %", "void"])];
    rows.extend(result.routers.iter().map(|each| {
        let void = if each.void == 0 { String::new() } else { each.void.to_string() };
        vec![
            each.router.title().into(),
            spread(each.rate, 0),
            spread(each.p50_ms, 2),
            spread(each.p99_ms, 2),
            spread(each.refused, 0),
            spread(each.load_core_busy, 0),
            spread(each.others, 0),
            void,
        ]
    }));
    aligned(&rows) + &left_out(&result.left_out)
}

/// What too much load does.
pub fn overload(result: &OverloadResult) -> String {
    let columns = [
        "router",
        "peak/s",
        "asked/s",
        "right/s",
        "of the peak",
        "p99 ms",
        "refused",
        "refused within ms (p99)",
        "no answer",
        "broken",
        "MB at most",
    ];
    let mut rows = vec![names(&columns)];
    rows.extend(result.routers.iter().map(|each| {
        let refused: Vec<_> = each.refused.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        vec![
            each.router.title().into(),
            format!("{:.0}", each.peak),
            format!("{:.0}", each.rate),
            format!("{:.0}", each.goodput),
            format!("{:.0} %", 100.0 * each.goodput / each.peak),
            format!("{:.0}", each.p99_ms),
            if refused.is_empty() { "none".into() } else { refused.join(", ") },
            if refused.is_empty() { String::new() } else { format!("{:.0}", each.refusal_p99_ms) },
            each.late.to_string(),
            each.broken.to_string(),
            megabytes(each.memory.peak_kb),
        ]
    }));
    aligned(&rows) + &left_out(&result.left_out)
}

/// How long starts take.
pub fn start(result: &StartResult) -> String {
    let mut rows = vec![names(&["router", "supergraph", "first answer ms", "MB then"])];
    rows.extend(result.routers.iter().map(|each| {
        let bytes = format!("{} KB", each.supergraph_bytes / 1000);
        vec![
            each.router.title().into(),
            bytes,
            spread(each.first_answer_ms, 1),
            megabytes(each.resident_kb.median as u64),
        ]
    }));
    aligned(&rows) + &left_out(&result.left_out)
}

/// One process or several.
pub fn forms(result: &FormsResult) -> String {
    let mut rows = vec![names(&["form", "CPU µs a request", "requests/s", "p50 ms"])];
    let split = format!("router and {} services", result.services);
    for (name, form) in [("one process (`dev`)", &result.in_process), (&*split, &result.split)] {
        let numbers = [spread(form.cpu_us, 0), spread(form.requests_per_second, 0), spread(form.p50_ms, 2)];
        rows.push(std::iter::once(name.to_owned()).chain(numbers).collect());
    }
    let (one, split) = (result.in_process.cpu_us.median, result.split.cpu_us.median);
    aligned(&rows)
        + &format!(
            "\nIn one process a request takes {:.0} µs less, {:.0} %.\n",
            split - one,
            100.0 - 100.0 * one / split
        )
}

/// Memory over a long time.
pub fn soak(result: &SoakResult) -> String {
    let columns = [
        "router",
        "minutes",
        "requests/s",
        "right answers",
        "p99 ms",
        "MB in the second tenth",
        "MB in the last",
        "trouble",
    ];
    let mut rows = vec![names(&columns)];
    rows.extend(result.routers.iter().map(|each| {
        let growth = each.growth();
        let part = |of: Option<f64>| of.map_or_else(|| "–".into(), |kilobytes| format!("{:.1}", kilobytes / 1024.0));
        vec![
            each.router.title().into(),
            format!("{:.0}", each.minutes),
            format!("{:.0}", each.rate),
            each.right.to_string(),
            format!("{:.2}", each.p99_ms),
            part(growth.map(|(early, _)| early)),
            part(growth.map(|(_, late)| late)),
            each.trouble.clone().unwrap_or_default(),
        ]
    }));
    aligned(&rows) + &left_out(&result.left_out)
}

/// Processor time along a sweep: a row a size, two columns a router; below, by which power of the size it grows.
pub fn sweep(result: &SweepResult, size: &str) -> String {
    let routers = routers(result);
    let mut columns = vec![size.to_owned()];
    for router in &routers {
        columns.push(format!("{}: CPU µs", router.title()));
        columns.push("subgraph calls".into());
    }
    let mut rows = vec![columns];
    for point in &result.points {
        let mut row = vec![point.size.to_string()];
        for router in &routers {
            let measured = measured(&point.result, *router);
            row.push(measured.map_or_else(|| "–".into(), |it| spread(it.cpu_us, 0)));
            row.push(measured.map_or_else(|| "–".into(), |it| format!("{:.0}", it.calls.median)));
        }
        rows.push(row);
    }
    aligned(&rows) + &routers.iter().filter_map(|router| growth(result, *router)).collect::<String>()
}

/// The power of the size that processor time grows by, from the third size on: below, what every request costs counts most.
fn growth(result: &SweepResult, router: Router) -> Option<String> {
    let value = |point: &Point| Some((point.size as f64, measured(&point.result, router)?.cpu_us.median));
    let (from, to) = (value(result.points.get(2)?)?, value(result.points.last()?)?);
    let power = (to.1 / from.1).ln() / (to.0 / from.0).ln();
    let title = router.title();
    Some(format!("\n{title}: from {} to {} time grows by the size to the power of {power:.2}.\n", from.0, to.0))
}

/// Those that have a point.
pub fn routers(result: &SweepResult) -> Vec<Router> {
    let all = result.points.iter().flat_map(|point| &point.result.routers);
    let mut routers: Vec<_> = all.map(|each| each.router).collect();
    routers.sort();
    routers.dedup();
    routers
}

/// What a router's rounds of a workload say.
pub fn measured(result: &WorkloadResult, router: Router) -> Option<&Measured> {
    result.routers.iter().find(|each| each.router == router)?.measured.as_ref()
}
