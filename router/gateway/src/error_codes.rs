//! The list of error codes is closed: `docs/errors.md` has all that the sources have, and no others.

use std::collections::BTreeSet;
use std::path::Path;

/// Code that makes errors which clients see.
const SOURCES: [&str; 5] = [
    "router/graphql/src",
    "router/planner/src",
    "router/executor/src",
    "router/gateway/src",
    "subgraphs/wire/src/codes.rs",
];

/// Words in capitals that are no codes of requests.
const OTHERS: [&str; 1] = [
    // Codes of findings in schemas.
    "INVALID_GRAPHQL",
];

fn is_code(word: &str) -> bool {
    let long = word.contains('_') || word.len() >= 8;
    let shaped = word.chars().all(|c| c.is_ascii_uppercase() || c == '_') && word.starts_with(char::is_alphabetic);
    long && shaped && !word.starts_with("SUPERGRAPH__")
}

fn gather(path: &Path, codes: &mut BTreeSet<String>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if ["tests", "tests.rs", "testing.rs", "error_codes.rs", "sound"].contains(&&*name) {
        return;
    }
    if path.is_dir() {
        std::fs::read_dir(path).unwrap().for_each(|entry| gather(&entry.unwrap().path(), codes));
    } else if name.ends_with(".rs") {
        let text = std::fs::read_to_string(path).unwrap();
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        codes.extend(product.split('"').filter(|word| is_code(word)).map(str::to_owned));
    }
}

#[test]
fn every_code_is_documented_and_every_documented_code_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut codes = BTreeSet::new();
    SOURCES.iter().for_each(|source| gather(&root.join(source), &mut codes));
    OTHERS.iter().for_each(|other| assert!(codes.remove(*other), "{other} is nowhere"));
    let page = std::fs::read_to_string(root.join("docs/errors.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let mut documented = BTreeSet::new();
    for row in rows {
        assert!(documented.insert(row.to_owned()), "{row} stands twice");
    }
    assert_eq!(documented, codes);
}
