//! The page and its plots: what is measured is written between marks, and what people wrote around them stays.

use std::path::Path;

use super::plot::{Line, plot};
use super::studies::{self, measured, routers};
use super::summary::summary;
use super::table::table;
use crate::failure::{Failure, Result, Tried};
use crate::record::{How, Record, Taken};
use crate::routers::Router;
use crate::studies::{Point, SweepResult};
use crate::wanted::rounds_in_order;

/// A plot of a sweep.
struct Picture {
    file: &'static str,
    title: &'static str,
    across: &'static str,
}

const SIZES: Picture = Picture {
    file: "router-sizes.svg",
    title: "Processor time against the size of the answer",
    across: "bytes of the answer",
};
const FETCHES: Picture =
    Picture { file: "router-fetches.svg", title: "Processor time against the number of fetches", across: "fetches" };

/// Brings the page in `docs` up to what is known, and writes its plots.
pub fn publish(record: &Record, docs: &Path) -> Result<()> {
    let path = docs.join("benchmarks.md");
    let mut page = std::fs::read_to_string(&path).tried(format!("reading {}", path.display()))?;
    for (name, text) in blocks(record) {
        page = replaced(&page, name, &text)?;
    }
    for (sweep, picture) in [(&record.sizes, SIZES), (&record.fetches, FETCHES)] {
        if let Some(taken) = sweep {
            let file = docs.join("benchmarks").join(picture.file);
            std::fs::write(&file, drawn(&taken.result, &picture)).tried(format!("writing {}", file.display()))?;
        }
    }
    std::fs::write(&path, page).tried(format!("writing {}", path.display()))
}

/// What is measured, by the names of the marks.
fn blocks(record: &Record) -> Vec<(&'static str, String)> {
    let names = rounds_in_order();
    // Then those under other conditions.
    let others = record.workloads.iter().filter(|(name, _)| !names.contains(name)).map(|(_, taken)| taken);
    let in_order = || names.iter().filter_map(|name| record.workloads.get(name)).chain(others.clone());
    let tables = in_order().map(|taken| {
        let result = &taken.result;
        format!("### `{}`: {}\n\n{}\n{}\n\n", result.name, result.title, table(result), told(&taken.how))
    });
    let mut blocks = vec![("workloads", tables.collect::<String>().trim_end().to_owned())];
    blocks.push(("summary", summary(in_order().map(|taken| &taken.result))));
    blocks.extend(block("latency", &record.latency, studies::latency));
    blocks.extend(block("overload", &record.overload, studies::overload));
    blocks.extend(block("start", &record.start, studies::start));
    blocks.extend(block("sizes", &record.sizes, |result| studies::sweep(result, "bytes")));
    blocks.extend(block("fetches", &record.fetches, |result| studies::sweep(result, "fetches")));
    blocks.extend(block("forms", &record.forms, studies::forms));
    blocks.extend(block("soak", &record.soak, studies::soak));
    blocks
}

fn block<T>(
    name: &'static str,
    taken: &Option<Taken<T>>,
    text: impl Fn(&T) -> String,
) -> Option<(&'static str, String)> {
    let taken = taken.as_ref()?;
    Some((name, format!("{}\n{}", text(&taken.result), told(&taken.how))))
}

/// How something was measured, as a sentence.
fn told(how: &How) -> String {
    let machine = &how.machine;
    format!(
        "Taken in {} rounds of {} s on {} cores ({}, {} GB, Linux {}, load {} at the start): {}.",
        how.rounds,
        how.seconds,
        machine.cores,
        machine.processor,
        machine.gigabytes,
        machine.kernel,
        machine.load,
        how.versions
    )
}

fn drawn(result: &SweepResult, picture: &Picture) -> String {
    let line = |router: Router| {
        let value = |point: &Point| measured(&point.result, router).map(|it| (point.size as f64, it.cpu_us.median));
        Line { name: router.title().into(), points: result.points.iter().filter_map(value).collect() }
    };
    let lines: Vec<_> = routers(result).into_iter().map(line).collect();
    plot(picture.title, (picture.across, "µs of processor time a request"), &lines)
}

/// The page with another text between the two marks of a name.
fn replaced(page: &str, name: &str, text: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- measured: {name} -->"), format!("<!-- end: {name} -->"));
    let parts = page.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = parts.ok_or_else(|| Failure::Usage(format!("the page has no marks of {name}")))?;
    Ok(format!("{before}{begin}\n\n{}\n\n{end}{after}", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays() {
        let page = "# Title\n\n<!-- measured: a -->\nold\n<!-- end: a -->\n\nWords.\n";
        let once = replaced(page, "a", "new\n").unwrap();
        assert_eq!(once, "# Title\n\n<!-- measured: a -->\n\nnew\n\n<!-- end: a -->\n\nWords.\n");
        assert_eq!(replaced(&once, "a", "new\n").unwrap(), once);
        assert!(replaced(page, "b", "new").is_err());
    }

    #[test]
    fn the_page_in_the_repository_has_all_marks() {
        let page = include_str!("../../../../../docs/benchmarks.md");
        for name in ["workloads", "summary", "latency", "overload", "start", "sizes", "fetches", "forms", "soak"] {
            assert!(replaced(page, name, "").is_ok(), "{name}");
        }
    }
}
