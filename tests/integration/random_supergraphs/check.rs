//! One operation answered by the router and by the monolith.

use std::sync::Arc;

use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::case::{Case, Faults, Operation, Served, compose};
use super::compare::differences;
use super::losses::losses;
use super::monolith::{Answered, Losses, Monolith};
use super::reference_run::Run;
use super::world::World;
use crate::support::router::{Outage, Routed, Subgraphs, route};

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
        self.monolith.serve(&served.supergraph.api_schema.to_string(), world);
    }

    /// Answers an operation twice; `None` if it isn't valid.
    pub fn check(&mut self, served: &Served, operation: &Operation, faults: &Faults) -> Option<Verdict> {
        let limits = graphql::OperationLimits::default();
        let api = &served.supergraph.api_schema;
        graphql::parse_operation(api, &operation.text, &limits, graphql::Suggestions::Off).ok()?;
        let world = (&served.supergraph, served.extracted.as_slice());
        let data = faulty(served, faults);
        let start = || {
            let mut subgraphs = Subgraphs::new(&served.supergraph, &data);
            faults.down.iter().for_each(|name| subgraphs.fail(name, Outage::Down));
            faults.garbage.iter().for_each(|name| subgraphs.fail(name, Outage::Garbage));
            subgraphs
        };
        let subgraphs = start();
        let Routed { body, plan, unsound } =
            self.runtime.block_on(route(world, &subgraphs, (&operation.text, &operation.variables)));
        let mut wrong = unsound;
        wrong.extend(subgraphs.faults().into_iter().filter(|fault| !faults.is_any() || !fault.contains("no case for")));
        let mut expected = self.monolith.answer(&operation.text, &operation.variables, &Losses::new());
        let truth: Value = serde_json::from_str(&expected.data).expect("JSON");
        let is_consistent = expected.errors.is_empty()
            && !wrong.iter().any(|fault| fault.contains("} is no "))
            && !body.windows(REFUSED.len()).any(|window| window == REFUSED.as_bytes());
        let mut lost = Losses::new();
        if let (Some(plan), true) = (&plan, faults.is_any()) {
            let (supergraph, variables) = (&served.supergraph, &operation.variables);
            let again = start();
            let run = Run { plan, supergraph, variables, subgraphs: &again };
            lost = losses(&plan.response, &self.runtime.block_on(run.run()), &truth);
            expected = self.monolith.answer(&operation.text, &operation.variables, &lost);
        }
        wrong.extend(differences(&expected, &truth, &lost, &body));
        let body = String::from_utf8_lossy(&body).into_owned();
        if !wrong.is_empty() {
            wrong.extend(plan.map(|plan| planner::print(&plan, &served.supergraph)));
            wrong.extend(subgraphs.calls());
            wrong.push(format!("lost   {lost:?}\nis     {body}\nshould {} {:?}", expected.data, expected.errors));
        }
        Some(Verdict { expected, body, is_consistent, wrong })
    }

    /// The same for a case; `None` if it doesn't compose either.
    pub fn check_case(&mut self, case: &Case) -> Option<Verdict> {
        let composed = compose(&case.subgraphs).ok()?;
        let served = Served::new(&case.subgraphs, composed, &case.world);
        self.serve(&served, &case.world);
        self.check(&served, &case.operation, &case.faults)
    }
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
