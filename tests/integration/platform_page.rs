//! `docs/platform.md` says of each arrow of the platform which test sees traffic on it: those tests are there, and no mark is left over.

use std::collections::BTreeSet;
use std::path::Path;

use crate::real_stack::arrows::ARROWS;

/// The mark of the test that sees all arrows of the real services.
const REAL: &str = "`T1`";

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// What is wrong about a page.
fn findings(page: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let (mut listed, mut used) = (BTreeSet::new(), BTreeSet::new());
    let is_mark = |word: &&str| {
        let number = word.strip_prefix(|letter: char| letter.is_ascii_uppercase());
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    for line in page.lines() {
        let words = quoted(line);
        if let (true, [mark, file, test, ..]) = (line.starts_with("| `"), words.as_slice()) {
            listed.insert(*mark);
            let text =
                if Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists() { read(file) } else { String::new() };
            // A test function, or the macro that makes some.
            if !text.contains(&format!("fn {test}(")) && !text.contains(&format!("{test}!(")) {
                findings.push(format!("{mark}: {file} has no {test}"));
            }
        } else {
            used.extend(words.into_iter().filter(is_mark));
        }
    }
    findings.extend(used.difference(&listed).map(|mark| format!("{mark} is no test")));
    findings.extend(listed.difference(&used).map(|mark| format!("{mark} stands nowhere")));
    findings
}

#[test]
fn the_tests_that_it_names_are_there() {
    let page = read("docs/platform.md");
    assert_eq!(findings(&page), [""; 0]);
    for (old, new, says) in [
        ("`U1` `T1`", "`U9` `T1`", "U9 is no test"),
        ("`U1` `T1`", "open `T1`", "U1 stands nowhere"),
        ("`an_order_is_kept_paid_and_sold`", "`an_order_is_kept`", "O1: "),
        ("`subgraphs/users/src/tests/traces.rs`", "`subgraphs/users/src/traces.rs`", "U1: "),
    ] {
        assert!(page.contains(old), "{old}");
        let found = findings(&page.replace(old, new));
        assert!(found.iter().any(|finding| finding.contains(says)), "{says:?} isn't among {found:?}");
    }
}

/// Which cells of the table have a mark, by service and heading.
fn cells_with<'a>(page: &'a str, mark: &str) -> BTreeSet<(&'a str, &'a str)> {
    let rows =
        page.lines().skip_while(|line| !line.starts_with("| service |")).take_while(|line| line.starts_with('|'));
    let mut rows = rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let headings = rows.next().expect("the table of arrows");
    let cells = rows.flat_map(|row| {
        let service = row[0];
        headings.iter().zip(row).map(move |(&heading, cell)| (service, heading, cell)).collect::<Vec<_>>()
    });
    cells.filter(|(.., cell)| cell.contains(mark)).map(|(service, heading, _)| (service, heading)).collect()
}

#[test]
fn its_arrows_on_the_real_services_are_those_of_the_test() {
    let page = read("docs/platform.md");
    let tested: BTreeSet<_> = ARROWS.iter().map(|(service, column, _)| (*service, column.heading())).collect();
    assert_eq!(cells_with(&page, REAL), tested);
    assert!(cells_with(&page.replace(REAL, "open"), REAL).is_empty());
}
