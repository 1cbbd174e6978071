//! Plans as data: the audit's suites, the benchmark, and small supergraphs, each plan proved sound.

mod audit;
mod bench;
mod bounds;
mod contexts;
mod deferred;
mod directives;
mod every_field;
mod interface_objects;
mod interfaces;
mod keys;
mod mutants;
mod mutations;
mod names;
mod overrides;
mod print;
mod random;
mod requirements;
mod reuse;
mod search;
mod small;

use std::ops::Deref;
use std::path::PathBuf;

use federation::{LabelSet, Limits, Supergraph};
use graphql::{ExecutableDocument, Schema, Valid};

use crate::{Asked, Budget, Decided, OperationNames, PlanError, QueryPlan};

pub fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

pub fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A supergraph, with what proving its plans takes.
pub struct Loaded {
    supergraph: Supergraph,
    schemas: Vec<Valid<Schema>>,
}

impl Deref for Loaded {
    type Target = Supergraph;

    fn deref(&self) -> &Supergraph {
        &self.supergraph
    }
}

pub fn load(sdl: &str) -> Loaded {
    let supergraph = Supergraph::parse(sdl, Limits::default()).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let schemas = Supergraph::subgraph_schemas(sdl, Limits::default());
    Loaded { supergraph, schemas: schemas.unwrap_or_else(|findings| panic!("{findings:#?}")) }
}

/// Why there is no plan, or none that holds.
pub enum Failure {
    None(PlanError),
    Unsound(String),
}

/// Plans, with the operation's defaults as the values of its boolean variables. An unsound plan is a failed test.
pub fn plan(supergraph: &Loaded, query: &str) -> Result<QueryPlan, PlanError> {
    plan_with(supergraph, query, &[])
}

pub fn plan_with(supergraph: &Loaded, query: &str, values: &[(&str, bool)]) -> Result<QueryPlan, PlanError> {
    proved(supergraph, query, values).map_err(|failure| match failure {
        Failure::None(error) => error,
        Failure::Unsound(why) => panic!("{query}\n{why}"),
    })
}

/// A plan that is proved sound.
pub fn proved(supergraph: &Loaded, query: &str, values: &[(&str, bool)]) -> Result<QueryPlan, Failure> {
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
    proved_under(supergraph, &document, decided)
}

/// A plan for these decisions that is proved sound.
pub fn proved_under(
    supergraph: &Loaded,
    document: &Valid<ExecutableDocument>,
    decided: Decided<'_>,
) -> Result<QueryPlan, Failure> {
    proved_with_names(supergraph, document, decided, OperationNames::Full)
}

/// A plan whose requests are named so, and that is proved sound.
pub fn proved_with_names(
    supergraph: &Loaded,
    document: &Valid<ExecutableDocument>,
    decided: Decided<'_>,
    names: OperationNames,
) -> Result<QueryPlan, Failure> {
    let asked = Asked { document, operation_name: None, decided };
    let mut plan = crate::plan(supergraph, document, None, decided, &Budget::default()).map_err(Failure::None)?;
    let client = document.operations.iter().next().and_then(|operation| operation.name.as_ref());
    crate::name_operations(&mut plan, supergraph, client.map(|name| name.as_str()), &|_| names);
    match crate::sound(&plan, (supergraph, &supergraph.schemas), asked) {
        Ok(()) => Ok(plan),
        Err(found) => {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            Err(Failure::Unsound(format!("{}\n{}", found.join("\n"), crate::print(&plan, supergraph))))
        }
    }
}

/// Fails unless a plan, for no condition and no label, is sound.
pub fn prove(supergraph: &Loaded, document: &Valid<ExecutableDocument>, plan: &QueryPlan) {
    let decided = Decided { conditions: &|_| None, labels: &LabelSet::default(), deferral: crate::Deferral::Off };
    let asked = Asked { document, operation_name: None, decided };
    let found = crate::sound(plan, (supergraph, &supergraph.schemas), asked);
    assert_eq!(found, Ok(()), "{}", crate::print(plan, supergraph));
}

/// Plans within a budget, no condition and no label being in force.
pub fn plan_within(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    budget: &Budget<'_>,
) -> Result<QueryPlan, PlanError> {
    let decided = Decided { conditions: &|_| None, labels: &LabelSet::default(), deferral: crate::Deferral::Off };
    crate::plan(supergraph, document, None, decided, budget)
}
