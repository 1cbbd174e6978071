//! One operation answered by the router and by the monolith.

use std::sync::Arc;

use bytes::Bytes;
use executor::Form;
use federation::{LabelId, LabelSet, Supergraph};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::case::{Case, Faults, Operation, Served, compose};
use super::compare::{differences, untrue};
use super::losses::losses;
use super::monolith::{Answered, Losses, Monolith};
use super::reference_run::Run;
use super::world::World;
use crate::support::router::{Delivery, Outage, Question, Routed, Subgraphs, parse, route};

/// How a subgraph's message ends whose data have an object of another type than its schema says.
const REFUSED: &str = " is expected";

/// The two that answer.
pub struct Both {
    /// Runs the router.
    pub runtime: Runtime,
    /// The other.
    pub monolith: Monolith,
}

/// What is right, and what is wrong with the router's answer.
pub struct Verdict {
    /// The right answer.
    pub expected: Answered,
    /// The router's.
    pub body: String,
    /// How often subgraphs were called.
    pub calls: usize,
    /// Whether data and schemas fit each other: what is wrong otherwise is nobody's fault.
    pub is_consistent: bool,
    /// What is wrong, with all that may explain it.
    pub wrong: Vec<String>,
}

impl Both {
    /// Starts both.
    pub fn start() -> Self {
        Self { runtime: Builder::new_current_thread().enable_time().build().unwrap(), monolith: Monolith::start() }
    }

    /// Serves a supergraph from here on.
    pub fn serve(&mut self, served: &Served, world: &World) {
        self.monolith.serve(&served.supergraph, world);
    }

    /// Answers an operation twice; `None` if it isn't valid. The router answers it in every way that may make no
    /// difference: whatever overrides are in force, and in parts if something is deferred.
    pub fn check(&mut self, served: &Served, operation: &Operation, faults: &Faults) -> Option<Verdict> {
        let document = parse(&served.supergraph, &operation.text).ok()?;
        let selected = graphql::select_operation(&document, None).ok()?;
        let mut ways = Vec::new();
        let touched = planner::override_labels(&served.supergraph, &document, selected);
        for labels in label_sets(&served.supergraph, &touched) {
            ways.push((labels.clone(), Delivery::Whole));
            if planner::may_defer(&document, selected) {
                ways.push((labels.clone(), Delivery::Parts(Form::Fragments)));
                ways.push((labels, Delivery::Parts(Form::Fields)));
            }
        }
        let mut verdicts = ways.iter().map(|way| self.check_way(served, operation, faults, way)).collect::<Vec<_>>();
        let wrong = verdicts.iter().position(|verdict| !verdict.is_consistent || !verdict.wrong.is_empty());
        Some(verdicts.swap_remove(wrong.unwrap_or_default()))
    }

    fn check_way(
        &mut self,
        served: &Served,
        operation: &Operation,
        faults: &Faults,
        (labels, delivery): &(LabelSet, Delivery),
    ) -> Verdict {
        let world = (&served.supergraph, served.extracted.as_slice());
        let data = faulty(served, faults);
        let start = || {
            let mut subgraphs = Subgraphs::new(&served.supergraph, &data);
            faults.down.iter().for_each(|name| subgraphs.fail(name, Outage::Down));
            faults.refusing.iter().for_each(|name| subgraphs.fail(name, Outage::Refuses));
            faults.garbage.iter().for_each(|name| subgraphs.fail(name, Outage::Garbage));
            subgraphs
        };
        let subgraphs = start();
        let Operation { text: query, variables } = operation;
        let question = Question { query, variables, labels, delivery: *delivery };
        let Routed { mut body, plan, mut wrong } = self.runtime.block_on(route(world, &subgraphs, question));
        wrong.extend(subgraphs.faults().into_iter().filter(|fault| !faults.is_any() || !fault.contains("no case for")));
        let mut expected = self.monolith.answer(query, variables, &Losses::new());
        let truth: Value = serde_json::from_str(&expected.data).expect("JSON");
        let is_consistent = expected.errors.iter().all(is_hidden)
            && !wrong.iter().any(|fault| fault.contains("} is no "))
            && !body.windows(REFUSED.len()).any(|window| window == REFUSED.as_bytes());
        let mut lost = Losses::new();
        if let (Some(plan), true, Delivery::Whole) = (&plan, faults.is_any(), delivery) {
            let supergraph = &served.supergraph;
            let again = start();
            let run = Run { plan, supergraph, variables, subgraphs: &again };
            lost = losses(&plan.response, &self.runtime.block_on(run.run()), &truth);
            expected = self.monolith.answer(query, variables, &lost);
        }
        if *delivery != Delivery::Whole {
            body = in_order_of(&expected, body);
        }
        let is_hiding = expected.errors.iter().any(is_hidden);
        if *delivery == Delivery::Whole || !(faults.is_any() || is_hiding) {
            wrong.extend(differences(&expected, &truth, &lost, &body));
        } else if !is_hiding {
            // A null ends at the part that it is in, so that less may be lost than in the whole.
            wrong.extend(untrue(&truth, &body));
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        let calls = subgraphs.calls().len();
        if !wrong.is_empty() {
            wrong.push(format!("labels {labels:?}, {delivery:?}"));
            wrong.extend(plan.map(|plan| planner::print(&plan, &served.supergraph)));
            wrong.extend(subgraphs.calls());
            wrong.push(format!("lost   {lost:?}\nis     {body}\nshould {} {:?}", expected.data, expected.errors));
        }
        Verdict { expected, body, calls, is_consistent, wrong }
    }

    /// The same for a case; `None` if it doesn't compose either.
    pub fn check_case(&mut self, case: &Case) -> Option<Verdict> {
        let composed = compose(&case.subgraphs).ok()?;
        let served = Served::new(&case.subgraphs, composed, &case.world);
        self.serve(&served, &case.world);
        self.check(&served, &case.operation, &case.faults)
    }
}

/// Whether an error of the monolith's speaks of a value that clients may not see, of the enum that has one.
fn is_hidden(error: &Value) -> bool {
    error["message"].as_str().is_some_and(|message| message.starts_with("Enum \"Mood\" cannot represent value"))
}

/// Sets of labels to be in force: none, each alone of those that an operation touches, and all that there are.
fn label_sets(supergraph: &Supergraph, touched: &LabelSet) -> Vec<LabelSet> {
    let mut sets = vec![LabelSet::default()];
    sets.extend(touched.iter().map(|label| LabelSet::from_iter([label])));
    let all: LabelSet = (0..).map(LabelId).zip(&supergraph.override_labels).map(|(id, _)| id).collect();
    sets.extend((!sets.contains(&all)).then_some(all));
    sets
}

/// A response that came in parts, with its data in the order of the expected one's if they are the same.
fn in_order_of(expected: &Answered, body: Bytes) -> Bytes {
    let Ok(Value::Object(mut members)) = serde_json::from_slice(&body) else { return body };
    if members.get("data").map(Value::to_string)
        != serde_json::from_str(&expected.data).ok().map(|data: Value| data.to_string())
    {
        return body;
    }
    members.remove("data");
    let rest = members.iter().map(|(name, value)| format!(",\"{name}\":{value}")).collect::<String>();
    format!("{{\"data\":{}{rest}}}", expected.data).into()
}

/// The subgraphs' data with what goes wrong in it.
fn faulty(served: &Served, faults: &Faults) -> crate::support::router::Data {
    let mut data = served.subgraphs.clone();
    for (name, switches) in &faults.switches {
        if let Some((_, dataset)) = data.get_mut(name) {
            Arc::make_mut(dataset).switches = switches.clone();
        }
    }
    data
}
