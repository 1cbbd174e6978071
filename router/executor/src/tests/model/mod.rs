//! Planner and executor together against a monolith.
//!
//! A model gives every field of every object a value. Subgraphs answer their parts of it, the monolith the whole
//! operation at once; the router's bytes have to be the monolith's. With faults, everything that did not fail is
//! still there, and every null that the monolith doesn't have has its error.

mod check;
mod data;
mod deferred;
mod evaluate;
mod subgraphs;

use std::path::{Path, PathBuf};

use federation::{LabelSet, Limits, Supergraph};
use graphql::{ExecutableDocument, Valid, json};
use planner::{Budget, Decided, Deferral, QueryPlan};
use tokio::runtime::{Builder, Runtime};

use super::support::context;
use crate::policy::Policy;
use crate::{Request, execute};
use check::check;
use data::Model;
use evaluate::monolith;
use subgraphs::{Faults, Subgraphs};

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

struct Case {
    id: String,
    suite: usize,
    query: String,
}

/// The supergraphs of the federation audit, and its operations that have a plan.
fn cases() -> (Vec<Supergraph>, Vec<Case>) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/federation-cases");
    let mut suites: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("tests.json").exists())
        .collect();
    suites.sort();
    let mut supergraphs = Vec::new();
    let mut cases = Vec::new();
    for path in suites {
        let supergraph = Supergraph::parse(&read(&path.join("supergraph.graphql")), Limits::default()).unwrap();
        let listed = json::parse(read(&path.join("tests.json")).as_bytes(), &json::JsonLimits::default()).unwrap();
        let json::Value::Array(listed) = listed else { panic!("a list") };
        for (index, test) in listed.iter().enumerate() {
            cases.push(Case {
                id: format!("{}#{index}", path.file_name().unwrap().to_string_lossy()),
                suite: supergraphs.len(),
                query: test.as_object().unwrap()["query"].as_str().unwrap().to_owned(),
            });
        }
        supergraphs.push(supergraph);
    }
    (supergraphs, cases)
}

fn planned(supergraph: &Supergraph, query: &str) -> Option<QueryPlan> {
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "").ok()?;
    planned_as(supergraph, &document, Deferral::Off)
}

/// Plans, with the operation's defaults as the values of its boolean variables.
fn planned_as(supergraph: &Supergraph, document: &Valid<ExecutableDocument>, deferral: Deferral) -> Option<QueryPlan> {
    let operation = document.operations.iter().next()?;
    let default = |name: &str| {
        let variable = operation.variables.iter().find(|variable| variable.name == name)?;
        variable.default_value.as_ref()?.to_bool()
    };
    let decided = Decided { conditions: &default, labels: &LabelSet::default(), deferral };
    planner::plan(supergraph, document, None, decided, &Budget::default()).ok()
}

fn respond(runtime: &Runtime, supergraph: &Supergraph, plan: &QueryPlan, subgraphs: &Subgraphs<'_>) -> String {
    let (context, policy) = (context(), Policy::default());
    let variables = json::Object::new();
    let request =
        Request { plan, supergraph, variables: &variables, fetch: subgraphs, context: &context, policy: &policy };
    let response = runtime.block_on(execute(request));
    String::from_utf8(response.body.to_vec()).unwrap()
}

#[test]
fn the_router_answers_as_a_monolith_would() {
    let (supergraphs, cases) = cases();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let only = std::env::var("CASE").ok();
    let (mut same, mut wrong) = (0, Vec::new());
    for case in cases {
        if only.as_ref().is_some_and(|only| *only != case.id) {
            continue;
        }
        let supergraph = &supergraphs[case.suite];
        let Some(plan) = planned(supergraph, &case.query) else { continue };
        for seed in 0..3 {
            let model = Model::new(supergraph, seed);
            let subgraphs = Subgraphs::new(&model, Faults::None);
            let body = respond(&runtime, supergraph, &plan, &subgraphs);
            let expected = format!("{{\"data\":{}}}", monolith(&model, &case.query));
            let complaints = subgraphs.complaints();
            if body == expected && complaints.is_empty() {
                same += 1;
                continue;
            }
            let plan = planner::print(&plan, supergraph);
            let calls = subgraphs.calls();
            wrong.push(format!(
                "{} seed {seed}\n{}\n{plan}\n{calls}\ncomplaints {complaints:?}\nis     {body}\nshould {expected}",
                case.id, case.query
            ));
            break;
        }
    }
    let first: Vec<&String> = wrong.iter().take(3).collect();
    let ids: Vec<&str> = wrong.iter().filter_map(|text| text.lines().next()).collect();
    assert!(wrong.is_empty(), "{same} the same, {} not: {ids:?}\n{first:#?}", wrong.len());
    assert!(only.is_some() || same > 400, "{same}");
}

#[test]
fn what_did_not_fail_still_comes_and_every_null_has_its_error() {
    let (supergraphs, cases) = cases();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let mut wrong = Vec::new();
    // Responses with errors, with errors of single fields, and with requests that could not be made.
    let mut seen = [0; 3];
    for case in cases {
        let supergraph = &supergraphs[case.suite];
        let Some(plan) = planned(supergraph, &case.query) else { continue };
        for seed in 0..16 {
            let model = Model::new(supergraph, seed);
            let subgraphs = Subgraphs::new(&model, Faults::Some(seed));
            let body = respond(&runtime, supergraph, &plan, &subgraphs);
            for (count, text) in seen.iter_mut().zip(["\"errors\"", "\"failed\"", "SUBREQUEST_NOT_SENT"]) {
                *count += usize::from(body.contains(text));
            }
            if let Err(fault) = check(&monolith(&model, &case.query), &body) {
                let (plan, calls) = (planner::print(&plan, supergraph), subgraphs.calls());
                wrong.push(format!("{} seed {seed}: {fault}\n{}\n{plan}\n{calls}\n{body}", case.id, case.query));
                break;
            }
        }
    }
    let first: Vec<&String> = wrong.iter().take(3).collect();
    let ids: Vec<&str> = wrong.iter().filter_map(|text| text.lines().next()).collect();
    assert!(seen[0] > 1_500 && seen[1] > 200 && seen[2] > 50, "{seen:?}");
    assert!(wrong.is_empty(), "{} wrong: {ids:#?}\n{first:#?}", wrong.len());
}
