//! The documentation says what there is.

use crate::metrics::catalogue;

const DOCUMENT: &str = include_str!("../../../../../docs/services.md");

#[test]
fn the_documentation_has_the_table() {
    let section = DOCUMENT.split("\n## Metrics\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with('|')).collect();
    let table = catalogue::table();
    assert_eq!(rows, table.lines().collect::<Vec<_>>(), "docs/services.md should have:\n{table}");
}
