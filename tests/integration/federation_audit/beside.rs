//! Random queries on the suites: a field says the same whatever is asked beside it.
//!
//! The answer to a query is compared with the answers to queries for each of its leaves alone, put together. It takes
//! no second implementation to tell that one of two such answers is wrong; faults (an invalid subgraph operation,
//! representations without a key, required values that aren't sent) count as well. The same with fields and entities
//! that fail or are null: nulls have to stand where they stand alone.
//!
//! `COUNT=…` queries a suite instead of a few, `SEED=…` other ones, `SUITE=…` one suite alone.

use fastrand::Rng;
use serde_json::{Value, json};

use super::random_query::{Generator, Node, print};
use super::run::answer;
use super::suite::{Source, Suite};

/// Whether subgraphs go wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Faults {
    /// Never.
    None,
    /// Other fields and entities for each query.
    Random,
}

/// Suites that this can't be asked of.
const LEFT_OUT: &[&str] = &[
    // Neither subgraph can tell of both types of a node, and what a node is has to be told by one.
    "corrupted-supergraph-node-id",
    // An interface without a single implementation can be asked for no `__typename`.
    "non-resolvable-interface-object",
    // Its subgraphs disagree about a shared field on purpose.
    "simple-interface-object",
];

/// The queries for one leaf each.
fn leaves(nodes: &[Node]) -> Vec<String> {
    let mut leaves = Vec::new();
    for node in nodes {
        let wrap = |inner: &str| match &node.on {
            Some(on) => format!("{{...on {on}{{{}{inner}}}}}", node.text),
            None => format!("{{{}{inner}}}", node.text),
        };
        if node.children.is_empty() {
            leaves.push(wrap(""));
        }
        leaves.extend(self::leaves(&node.children).iter().map(|inner| wrap(inner)));
    }
    leaves
}

/// Puts the answers for single leaves together: null wins, since whatever made it null does so for all.
fn put_together(whole: &mut Value, part: Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (key, part) in part {
                match whole.get_mut(&key) {
                    Some(known) => put_together(known, part),
                    None => {
                        whole.insert(key, part);
                    }
                }
            }
        }
        (Value::Array(whole), Value::Array(part)) if whole.len() == part.len() => {
            whole.iter_mut().zip(part).for_each(|(whole, part)| put_together(whole, part));
        }
        (whole, Value::Null) => *whole = Value::Null,
        (Value::Null, _) => {}
        (whole, part) if *whole == part => {}
        (whole, part) => *whole = Value::from(format!("{whole} and {part}")),
    }
}

/// Asks a suite random queries; tells of each that is wrong.
async fn check(folder: &str, (source, faults): (Source, Faults), (seed, count): (u64, usize)) -> Vec<String> {
    let mut suite = Suite::read(folder, source);
    let mut rng = Rng::with_seed(seed);
    let mut wrong = Vec::new();
    for _ in 0..count {
        let nodes = Generator::new(&suite, rng.u64(..)).query();
        if nodes.is_empty() {
            continue;
        }
        suite.switch_off();
        if faults == Faults::Random {
            suite.switch_randomly(&mut rng);
        }
        let query = print(&nodes);
        let subgraphs = suite.start();
        let (whole, plan) = answer(&suite, &subgraphs, &query).await;
        let mut found = subgraphs.faults();
        // A required value that went wrong fits no case.
        found.retain(|fault| faults == Faults::None || !fault.contains("no case for"));
        let (mut expected, mut fails) = (json!({}), false);
        for leaf in leaves(&nodes) {
            let (alone, _) = answer(&suite, &suite.start(), &leaf).await;
            fails |= alone.get("errors").is_some();
            put_together(&mut expected, alone["data"].clone());
        }
        if whole["data"] != expected {
            found.push(format!("expected the data {expected}"));
        }
        if whole.get("errors").is_some() != fails {
            found.push(format!("expected errors: {fails}"));
        }
        if !found.is_empty() {
            let plan = plan.map_or_else(String::new, |plan| planner::print(&plan, &suite.supergraph));
            let switches = suite.switches();
            wrong.push(format!("{folder} {source:?} {query}\n{switches}\n{}\n{whole}\n{plan}", found.join("\n")));
        }
    }
    wrong
}

/// Suites in which what else is asked decides who is asked, and so what fails.
const LEFT_OUT_OF_FAULTS: &[&str] = &[
    // Several subgraphs give the same: one as a record, which fails, one as it stands.
    "complex-entity-call",
    "parent-entity-call",
    "parent-entity-call-complex",
    "provides-on-interface",
    "provides-on-union",
    "union-intersection",
];

fn variable<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

async fn check_all(source: Source, faults: Faults) {
    let random = (variable("SEED").unwrap_or(1), variable("COUNT").unwrap_or(5));
    let only: Option<String> = variable("SUITE");
    let mut wrong = Vec::new();
    for (folder, _) in super::SUITES {
        let left_out = LEFT_OUT.contains(folder) || (faults == Faults::Random && LEFT_OUT_OF_FAULTS.contains(folder));
        if !left_out && only.as_ref().is_none_or(|only| only == folder) {
            wrong.extend(check(folder, (source, faults), random).await);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[tokio::test]
async fn a_field_says_the_same_whatever_is_asked_beside_it() {
    check_all(Source::Composed, Faults::None).await;
}

#[tokio::test]
async fn a_field_says_the_same_on_the_reference_supergraphs() {
    check_all(Source::Reference, Faults::None).await;
}

#[tokio::test]
async fn a_field_fails_the_same_whatever_is_asked_beside_it() {
    check_all(Source::Composed, Faults::Random).await;
}
