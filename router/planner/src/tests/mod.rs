//! Plans as data: the audit's suites, the benchmark, and small supergraphs, each plan checked on its own.

mod audit;
mod bench;
mod check;
mod overrides;
mod random;
mod requirements;
mod run;
mod small;
mod world;

use std::path::PathBuf;

use federation::{LabelSet, Limits, Supergraph};
use graphql::{ExecutableDocument, Valid};

use crate::{Budget, Decided, PlanError, QueryPlan};

pub fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

pub fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn load(sdl: &str) -> Supergraph {
    Supergraph::parse(sdl, Limits::default()).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// Plans, with the operation's defaults as the values of its boolean variables.
pub fn plan(supergraph: &Supergraph, query: &str) -> Result<QueryPlan, PlanError> {
    plan_with(supergraph, query, &[])
}

pub fn plan_with(supergraph: &Supergraph, query: &str, values: &[(&str, bool)]) -> Result<QueryPlan, PlanError> {
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "operation.graphql")
        .unwrap_or_else(|errors| panic!("{errors}\n{query}"));
    let operation = document.operations.iter().next().unwrap().clone();
    let conditions = |name: &str| {
        values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).or_else(|| {
            let variable = operation.variables.iter().find(|variable| variable.name == name)?;
            variable.default_value.as_ref()?.to_bool()
        })
    };
    let decided = Decided { conditions: &conditions, labels: &LabelSet::default(), deferral: crate::Deferral::Off };
    crate::plan(supergraph, &document, None, decided, &Budget::default())
}

/// Plans within a budget, no condition and no label being in force.
pub fn plan_within(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    budget: &Budget,
) -> Result<QueryPlan, PlanError> {
    let decided = Decided { conditions: &|_| None, labels: &LabelSet::default(), deferral: crate::Deferral::Off };
    crate::plan(supergraph, document, None, decided, budget)
}

/// The default of a boolean variable.
pub fn default_of(supergraph: &Supergraph, query: &str, name: &str) -> Option<bool> {
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "operation").ok()?;
    let operation = document.operations.iter().next()?;
    let variable = operation.variables.iter().find(|variable| variable.name == name)?;
    variable.default_value.as_ref()?.to_bool()
}
