//! The list of codes is closed and explained: every code has a row in `docs/composition-codes.md` and a case, and every
//! case's codes are on the list. `UPDATE_CASES=1` writes the page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use composition::codes::GROUPS;
use libtest_mimic::{Failed, Trial};

use crate::cases;

/// Codes that bound the work on schemas too large for a folder; `satisfiability_bounds` has their tests.
const WITHOUT_A_CASE: [&str; 1] = ["MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"];

/// One test a promise.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("codes::each_is_listed_once", listed_once),
        Trial::test("codes::each_has_a_case", each_has_a_case),
        Trial::test("codes::the_page_explains_each", page),
    ]
}

fn names() -> Vec<&'static str> {
    GROUPS.iter().flat_map(|group| group.codes).map(|code| code.name).collect()
}

fn listed_once() -> Result<(), Failed> {
    let (all, distinct) = (names(), names().into_iter().collect::<BTreeSet<_>>());
    if all.len() == distinct.len() { Ok(()) } else { Err("a code is listed twice".into()) }
}

/// Every code of every case's findings, with the number of cases.
fn in_cases() -> Result<BTreeMap<String, usize>, Failed> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for folder in cases::folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")) {
        let file = folder.join("expected.diagnostics");
        let text = if file.exists() { fs::read_to_string(file)? } else { continue };
        let codes: BTreeSet<&str> = text.lines().filter_map(code_of).collect();
        codes.into_iter().for_each(|code| *found.entry(code.to_owned()).or_default() += 1);
    }
    Ok(found)
}

/// The code of a finding's first line: `error CODE: message`.
fn code_of(line: &str) -> Option<&str> {
    let (severity, rest) = line.split_once(' ')?;
    let known = ["error", "warning", "info", "debug"].contains(&severity);
    rest.split_once(':').filter(|_| known).map(|(code, _)| code)
}

fn each_has_a_case() -> Result<(), Failed> {
    let (listed, cases) = (names(), in_cases()?);
    let lacking: Vec<_> =
        listed.iter().filter(|code| !cases.contains_key(**code) && !WITHOUT_A_CASE.contains(code)).collect();
    let unlisted: Vec<_> = cases.keys().filter(|code| !listed.contains(&code.as_str())).collect();
    if lacking.is_empty() && unlisted.is_empty() {
        return Ok(());
    }
    Err(format!("codes without a case: {lacking:?}; codes that are not listed: {unlisted:?}").into())
}

fn page() -> Result<(), Failed> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/composition-codes.md");
    let mut text = String::from(
        "# Codes of composition\n\n\
         <!-- Written by `UPDATE_CASES=1 cargo test -p composition --test composition codes`; edit `router/composition/src/codes`. -->\n\n\
         What each finding of `supergraph compose` means and how to mend it. Errors stop composition; hints don't. Codes have the\n\
         same names and causes in other composers of federation.\n",
    );
    for group in GROUPS {
        let _ = write!(text, "\n## {}\n\n| code | meaning | what to do |\n|---|---|---|\n", group.title);
        for code in group.codes {
            let _ = writeln!(text, "| `{}` | {} | {} |", code.name, code.meaning, code.mend);
        }
    }
    if std::env::var_os("UPDATE_CASES").is_some() {
        return Ok(fs::write(file, text)?);
    }
    if fs::read_to_string(file)? == text { Ok(()) } else { Err("docs/composition-codes.md is not up to date".into()) }
}
