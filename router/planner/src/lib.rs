//! Query planning: `(Supergraph, Operation) → QueryPlan`.
//!
//! Pure: no I/O, no async, no clock, no globals. The stages, each with its own type:
//! document → [`operation::Operation`] (bound, fragments spread, conditions decided) → [`draft::Draft`] (which
//! subgraph is asked what) → [`QueryPlan`] (documents, paths, representations, the response's shape).

mod budget;
mod draft;
mod emit;
mod error;
pub mod operation;
pub mod plan;
mod print;

use federation::Supergraph;
use graphql::{ExecutableDocument, Valid};

pub use budget::Budget;
pub use error::PlanError;
pub use operation::condition_variables;
pub use plan::QueryPlan;
pub use print::print;

/// Plans an operation of a document that is valid against the supergraph's API schema.
///
/// `conditions` gives the values of the variables that [`condition_variables`] names; a plan is good for these values
/// alone.
///
/// # Errors
/// [`PlanError`]: no such operation, too complex, or no way to get a field. Never panics.
pub fn plan(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    operation_name: Option<&str>,
    conditions: &dyn Fn(&str) -> Option<bool>,
    budget: &Budget,
) -> Result<QueryPlan, PlanError> {
    let selected = document
        .operations
        .get(operation_name)
        .map_err(|_| PlanError::Operation("there is no such operation, or several and no name".to_owned()))?;
    let operation = operation::bind(supergraph, document, selected, conditions, budget)?;
    let draft = draft::draft(supergraph, operation, budget)?;
    emit::emit(&draft, budget)
}

#[cfg(test)]
mod tests;
