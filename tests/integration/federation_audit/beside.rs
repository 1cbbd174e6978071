//! Random queries on the suites: a field says the same whatever is asked beside it.
//!
//! The answer to a query is compared, leaf by leaf, with the answers to queries for this leaf alone. It takes no
//! second implementation to tell that one of two such answers is wrong; faults (an invalid subgraph operation,
//! representations without a key, required values that aren't sent) count as well.
//!
//! `COUNT=…` queries a suite instead of a few, `SEED=…` other ones, `SUITE=…` one suite alone.

use serde_json::Value;

use super::random_query::{Generator, Node, print};
use super::run::{Subgraphs, answer};
use super::suite::{Source, Suite};

/// Suites that this can't be asked of.
const LEFT_OUT: &[&str] = &[
    // An interface without a single implementation can be asked for no `__typename`.
    "non-resolvable-interface-object",
    // Its subgraphs disagree about a shared field on purpose.
    "simple-interface-object",
];

/// The queries for one leaf each, with the response keys on the way to it.
fn leaves(nodes: &[Node]) -> Vec<(String, Vec<&str>)> {
    let mut leaves = Vec::new();
    for node in nodes {
        let wrap = |inner: &str| match &node.on {
            Some(on) => format!("{{...on {on}{{{}{inner}}}}}", node.text),
            None => format!("{{{}{inner}}}", node.text),
        };
        if node.children.is_empty() {
            leaves.push((wrap(""), vec![node.key.as_str()]));
        }
        for (inner, keys) in self::leaves(&node.children) {
            leaves.push((wrap(&inner), [vec![node.key.as_str()], keys].concat()));
        }
    }
    leaves
}

/// What stands at a path, with the lists on the way.
fn at(value: &Value, keys: &[&str]) -> Value {
    match (value, keys) {
        (Value::Array(items), _) => items.iter().map(|item| at(item, keys)).collect(),
        (Value::Object(object), [key, rest @ ..]) => {
            object.get(*key).map_or_else(|| Value::from("absent"), |value| at(value, rest))
        }
        (value, _) => value.clone(),
    }
}

/// Asks a suite random queries; tells of each that is wrong.
async fn check(folder: &str, source: Source, (seed, count): (u64, usize)) -> Vec<String> {
    let mut suite = Suite::read(folder, source);
    suite.switch_off();
    let mut generator = Generator::new(&suite, seed);
    let mut wrong = Vec::new();
    for _ in 0..count {
        let nodes = generator.query();
        if nodes.is_empty() {
            continue;
        }
        let query = print(&nodes);
        let subgraphs = Subgraphs::new(&suite);
        let (whole, plan) = answer(&suite, &subgraphs, &query).await;
        let mut found = subgraphs.faults();
        let (mut fails, mut differs) = (false, Vec::new());
        for (leaf, keys) in leaves(&nodes) {
            let (alone, _) = answer(&suite, &Subgraphs::new(&suite), &leaf).await;
            let (expected, told) = (at(&alone["data"], &keys), at(&whole["data"], &keys));
            if alone.get("errors").is_some() {
                fails = true;
            } else if expected != told {
                differs.push(format!("{leaf}: alone {expected}, beside others {told}"));
            }
        }
        // What fails alone fails here as well, and may take others with it.
        if whole.get("errors").is_some() != fails {
            found.push(format!("alone fails: {fails}, beside others {whole}"));
        }
        if !fails {
            found.append(&mut differs);
        }
        if !found.is_empty() {
            let plan = plan.map_or_else(String::new, |plan| planner::print(&plan, &suite.supergraph));
            wrong.push(format!("{folder} {source:?} {query}\n{}\n{plan}", found.join("\n")));
        }
    }
    wrong
}

fn variable<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

async fn check_all(source: Source) {
    let random = (variable("SEED").unwrap_or(1), variable("COUNT").unwrap_or(5));
    let only: Option<String> = variable("SUITE");
    let mut wrong = Vec::new();
    for (folder, _) in super::SUITES {
        if !LEFT_OUT.contains(folder) && only.as_ref().is_none_or(|only| only == folder) {
            wrong.extend(check(folder, source, random).await);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[tokio::test]
async fn a_field_says_the_same_whatever_is_asked_beside_it_on_our_supergraphs() {
    check_all(Source::Composed).await;
}

#[tokio::test]
async fn a_field_says_the_same_whatever_is_asked_beside_it_on_the_reference_supergraphs() {
    check_all(Source::Reference).await;
}
