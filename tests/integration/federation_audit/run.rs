//! Runs a case as a router would: parsed, planned, executed on subgraphs made of data.

use federation::LabelSet;
use planner::QueryPlan;
use serde_json::Value;

use super::suite::{Case, Suite};
use crate::support::router::{Delivery, Question, Subgraphs, route};

impl Suite {
    /// The suite's subgraphs, as if just started.
    pub fn start(&self) -> Subgraphs<'_> {
        Subgraphs::new(&self.supergraph, &self.subgraphs)
    }
}

/// Runs a case. Where the audit doesn't say whether there are errors there must be none, but for `hidden`: the name of
/// an inaccessible type or value that a subgraph gives in this case. In its place stands null, with an error that
/// doesn't tell the name.
///
/// # Errors
/// What is wrong, with the plan and the calls.
pub async fn run(suite: &Suite, case: &Case, hidden: Option<&str>) -> Result<(), String> {
    let subgraphs = suite.start();
    let (answer, plan) = answer(suite, &subgraphs, &case.query).await;
    let mut wrong = subgraphs.faults();
    let data = answer.get("data").filter(|data| !data.is_null());
    if case.expected.data.as_ref().is_some_and(|expected| expected.as_ref() != data) {
        wrong.push(format!("expected the data {:?}", case.expected.data));
    }
    let errors = case.expected.errors.unwrap_or(hidden.is_some());
    if answer.get("errors").is_some() != errors {
        wrong.push(format!("expected errors: {errors}"));
    }
    if hidden.is_some_and(|hidden| answer.to_string().contains(hidden)) {
        wrong.push(format!("expected not to be told of {hidden:?}"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let plan = plan.map_or_else(String::new, |plan| planner::print(&plan, &suite.supergraph));
    Err(format!("{}\nanswer: {answer}\n{plan}\n{}", wrong.join("\n"), subgraphs.calls().join("\n")))
}

/// The whole answer to a query, and the plan if there is one. An unsound plan is a failed test.
pub async fn answer(suite: &Suite, subgraphs: &Subgraphs<'_>, query: &str) -> (Value, Option<QueryPlan>) {
    let world = (&suite.supergraph, suite.extracted.as_slice());
    let (variables, labels) = (Value::Object(Default::default()), LabelSet::default());
    let question = Question { query, variables: &variables, labels: &labels, delivery: Delivery::Whole };
    let routed = route(world, subgraphs, question).await;
    assert!(routed.wrong.is_empty(), "{query}\n{}", routed.wrong.join("\n"));
    (serde_json::from_slice(&routed.body).expect("a response in JSON"), routed.plan)
}
