//! Every query of the federation audit has a plan whose documents are valid for their subgraphs.

use std::path::Path;

use graphql::{ExecutableDocument, Schema, Valid};

use super::{check, fixtures, load, plan, read};

/// What can't be planned, since these fields really can't be had: the audit expects an error too.
const UNREACHABLE: &[&str] =
    &["corrupted-supergraph-node-id#0", "corrupted-supergraph-node-id#5", "non-resolvable-interface-object#1"];

fn schemas(suite: &Path, supergraph: &federation::Supergraph) -> Vec<Valid<Schema>> {
    let listed: serde_json::Value = serde_json::from_str(&read(&suite.join("subgraphs.json"))).unwrap();
    let listed = listed.as_array().unwrap();
    let file = |name: &str| {
        let found = listed.iter().find(|subgraph| subgraph["name"] == name).unwrap();
        let file = found["file"].as_str().unwrap();
        [suite.join(file), suite.join("subgraphs").join(file)].into_iter().find(|path| path.exists()).unwrap()
    };
    supergraph.subgraphs.iter().map(|subgraph| check::subgraph_schema(&read(&file(&subgraph.name)))).collect()
}

/// Every suite: its name, supergraph, and the schemas of its subgraphs.
pub fn suites() -> Vec<(String, federation::Supergraph, Vec<Valid<Schema>>)> {
    let folders = std::fs::read_dir(fixtures().join("federation-cases")).unwrap();
    let mut folders: Vec<_> = folders.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let suite = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let supergraph = load(&read(&path.join("supergraph.graphql")));
        let schemas = schemas(&path, &supergraph);
        (name, supergraph, schemas)
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
        let schemas = schemas(&suite, &supergraph);
        let tests: serde_json::Value = serde_json::from_str(&read(&suite.join("tests.json"))).unwrap();
        for (index, test) in tests.as_array().unwrap().iter().enumerate() {
            let id = format!("{name}#{index}");
            let query = test["query"].as_str().unwrap();
            if ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query").is_err() {
                assert_eq!(test["expected"]["errors"], true, "{id} is not valid");
                refused += 1;
                continue;
            }
            match plan(&supergraph, query) {
                Ok(plan) => {
                    let mut faults = check::faults(&plan, &supergraph, &schemas);
                    let values = |name: &str| super::default_of(&supergraph, query, name);
                    faults.extend(super::run::check(&supergraph, &schemas, &plan, query, &values).err());
                    if only.is_some() {
                        let query: Vec<&str> = query.split_whitespace().collect();
                        eprintln!("== {id} {}\n{}", query.join(" "), crate::print(&plan, &supergraph));
                    }
                    if faults.is_empty() && !UNREACHABLE.contains(&id.as_str()) {
                        planned += 1;
                    } else {
                        wrong.push(format!("{id}: {}\n{}", faults.join("\n"), crate::print(&plan, &supergraph)));
                    }
                }
                Err(_) if UNREACHABLE.contains(&id.as_str()) => planned += 1,
                Err(error) => wrong.push(format!("{id}: {error}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{planned} planned, {} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(only.is_some() || planned + refused == 199, "{planned} planned, {refused} refused");
}
