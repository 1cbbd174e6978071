//! Query planning: `(Supergraph, Operation) → QueryPlan`.
//!
//! Pure: no I/O, no async, no clock, no globals. The stages, each with its own type:
//! document → [`operation::Operation`] (bound, fragments spread, conditions decided) → several [`draft::Draft`]s
//! ([`search`]: which subgraph is asked what) → [`QueryPlan`] (documents, paths, representations, the response's shape),
//! what documents repeat written once ([`emit`]); then what subgraphs are asked may get names ([`name_operations`]).

mod budget;
mod draft;
mod emit;
mod error;
mod names;
pub mod operation;
pub mod plan;
mod print;
mod search;
mod sound;

use federation::{LabelSet, Supergraph};
use graphql::{ExecutableDocument, Valid};

pub use budget::Budget;
pub use error::PlanError;
pub use names::{OperationNames, name_operations};
pub use operation::{Deferral, condition_variables, may_defer, override_labels};
pub use plan::QueryPlan;
pub use print::{print, print_json, print_mermaid};
pub use sound::{Asked, Unsound, sound, sound_within};

/// What is decided before an operation is planned: a plan is good for these decisions alone, so they are part of a
/// plan cache's key.
#[derive(Clone, Copy)]
pub struct Decided<'d> {
    /// The values of the variables that [`condition_variables`] names.
    pub conditions: &'d dyn Fn(&str) -> Option<bool>,
    /// The labels of progressive overrides that are in force; of these only those count that [`override_labels`]
    /// names.
    pub labels: &'d LabelSet,
    /// Whether the response may come in parts.
    pub deferral: Deferral,
}

/// Plans an operation of a document that is valid against the supergraph's API schema. What the plan asks subgraphs has
/// no names yet: see [`name_operations`].
///
/// # Errors
/// [`PlanError`]: no such operation, too complex, or no way to get a field. Never panics.
pub fn plan(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    operation_name: Option<&str>,
    decided: Decided<'_>,
    budget: &Budget<'_>,
) -> Result<QueryPlan, PlanError> {
    let selected = document
        .operations
        .get(operation_name)
        .map_err(|_| PlanError::Operation("there is no such operation, or several and no name".to_owned()))?;
    let operation = operation::bind(supergraph, document, selected, decided, budget)?;
    let mut plan = search::search((supergraph, decided.labels), &operation, budget)?;
    emit::reuse(&mut plan, supergraph);
    plan.begin_bodies();
    plan.find_alike();
    Ok(plan)
}

#[cfg(test)]
mod tests;
