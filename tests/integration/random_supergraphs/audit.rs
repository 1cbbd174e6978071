//! The same with the subgraphs of the federation audit, of the benchmark and of the shop, on made-up data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::campaign::{Campaign, Mode};
use super::{serve, variable};

/// Suites whose subgraphs can't answer as one, whatever the data.
const LEFT_OUT: &[&str] = &[
    // Neither subgraph can tell of both types of a node, and what a node is has to be told by one.
    "corrupted-supergraph-node-id",
    // An interface without a single implementation has no objects.
    "non-resolvable-interface-object",
];

#[derive(Deserialize)]
struct Listed {
    name: String,
    file: String,
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The subgraphs of each suite, by its name.
fn suites() -> BTreeMap<String, BTreeMap<String, String>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut suites = BTreeMap::new();
    for folder in std::fs::read_dir(root.join("tests/fixtures/federation-cases")).expect("the audit") {
        let folder = folder.expect("a folder").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        if !folder.is_dir() || LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let listed: Vec<Listed> = serde_json::from_str(&read(&folder.join("subgraphs.json"))).expect("a list");
        let subgraphs = listed.into_iter().map(|Listed { name, file }| (name, read(&folder.join(file))));
        suites.insert(name, subgraphs.collect());
    }
    for (name, folder) in [("bench", "tests/fixtures/bench/subgraphs"), ("shop", "schema/subgraphs")] {
        let files = std::fs::read_dir(root.join(folder)).expect("subgraphs").map(|file| file.expect("a file").path());
        let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "graphql"));
        let subgraph = |file: PathBuf| (file.file_stem().expect("a name").to_string_lossy().into_owned(), read(&file));
        suites.insert(name.to_owned(), files.map(subgraph).collect());
    }
    suites
}

fn campaign(mode: Mode) {
    let mut campaign = Campaign::start(mode);
    let only: Option<String> = variable("SUITE");
    let seed = variable("SEED").unwrap_or(1);
    for (name, subgraphs) in suites() {
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        match serve(&subgraphs, seed) {
            Ok(served) => campaign.ask(&name, served, (seed, 5)),
            Err(why) => campaign.wrong(&name, &why),
        }
    }
    campaign.conclude();
}

#[test]
fn the_audit_answers_as_a_monolith_does() {
    campaign(Mode::Sound);
}

#[test]
fn the_audit_fails_as_a_monolith_does() {
    campaign(Mode::Faulty);
}

#[test]
fn the_audit_answers_in_parts_as_a_monolith_does() {
    campaign(Mode::Deferred);
}
