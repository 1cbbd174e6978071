//! Every query of the federation audit has a sound plan.

use graphql::ExecutableDocument;

use super::{Failure, Loaded, fixtures, load, proved, read};

/// What can't be planned, since these fields really can't be had: the audit expects an error too.
const UNREACHABLE: &[&str] =
    &["corrupted-supergraph-node-id#0", "corrupted-supergraph-node-id#5", "non-resolvable-interface-object#1"];

/// Every suite: its name and supergraph.
pub fn suites() -> Vec<(String, Loaded)> {
    let folders = std::fs::read_dir(fixtures().join("federation-cases")).unwrap();
    let mut folders: Vec<_> = folders.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let suite = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let supergraph = load(&read(&path.join("supergraph.graphql")));
        (name, supergraph)
    };
    folders.into_iter().map(suite).collect()
}

#[test]
fn plans_every_query_of_the_audit() {
    let mut suites: Vec<_> = std::fs::read_dir(fixtures().join("federation-cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("tests.json").exists())
        .collect();
    suites.sort();
    let only = std::env::var("SUITE").ok();
    let (mut planned, mut refused, mut wrong) = (0, 0, Vec::new());
    for suite in suites {
        let name = suite.file_name().unwrap().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let supergraph = load(&read(&suite.join("supergraph.graphql")));
        let tests: serde_json::Value = serde_json::from_str(&read(&suite.join("tests.json"))).unwrap();
        for (index, test) in tests.as_array().unwrap().iter().enumerate() {
            let id = format!("{name}#{index}");
            let query = test["query"].as_str().unwrap();
            if ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query").is_err() {
                assert_eq!(test["expected"]["errors"], true, "{id} is not valid");
                refused += 1;
                continue;
            }
            let is_reachable = !UNREACHABLE.contains(&id.as_str());
            match proved(&supergraph, query, &[]) {
                Ok(plan) => {
                    if only.is_some() {
                        let query: Vec<&str> = query.split_whitespace().collect();
                        eprintln!("== {id} {}\n{}", query.join(" "), crate::print(&plan, &supergraph));
                    }
                    match is_reachable {
                        true => planned += 1,
                        false => wrong.push(format!("{id}: has a plan")),
                    }
                }
                Err(Failure::None(_)) if !is_reachable => planned += 1,
                Err(Failure::None(error)) => wrong.push(format!("{id}: {error}")),
                Err(Failure::Unsound(why)) => wrong.push(format!("{id}: {why}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{planned} planned, {} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(only.is_some() || planned + refused == 199, "{planned} planned, {refused} refused");
}

/// ChilliCream/graphql-platform#9112: no state is left behind, and nothing hangs on the order of a hash table.
#[test]
fn the_same_operation_gets_the_same_plan() {
    for (name, first) in suites() {
        let suite = fixtures().join("federation-cases").join(&name);
        let second = load(&read(&suite.join("supergraph.graphql")));
        let tests: Vec<serde_json::Value> = serde_json::from_str(&read(&suite.join("tests.json"))).unwrap();
        let queries = tests.iter().filter_map(|test| test["query"].as_str());
        let valid = |query: &&str| ExecutableDocument::parse_and_validate(&first.api_schema, *query, "query").is_ok();
        let queries: Vec<&str> = queries.filter(valid).collect();
        let text = |supergraph: &Loaded, query: &str| {
            super::plan(supergraph, query)
                .map(|plan| crate::print(&plan, supergraph))
                .map_err(|error| error.to_string())
        };
        let one: Vec<_> = queries.iter().map(|query| text(&first, query)).collect();
        let mut other: Vec<_> = queries.iter().rev().map(|query| text(&second, query)).collect();
        other.reverse();
        assert_eq!(one, other, "{name}");
    }
}
