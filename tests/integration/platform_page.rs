//! `docs/platform.md` says of each arrow of the platform which test sees traffic on it: those tests are there, and no mark is left over.

use std::collections::BTreeSet;
use std::path::Path;

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
        ("`U1` | open", "`U9` | open", "U9 is no test"),
        ("`U1` | open", "open | open", "U1 stands nowhere"),
        ("`an_order_is_kept_paid_and_sold`", "`an_order_is_kept`", "O1: "),
        ("`subgraphs/users/src/tests/traces.rs`", "`subgraphs/users/src/traces.rs`", "U1: "),
    ] {
        assert!(page.contains(old), "{old}");
        let found = findings(&page.replace(old, new));
        assert!(found.iter().any(|finding| finding.contains(says)), "{says:?} isn't among {found:?}");
    }
}
