//! Operations in, sound plans or request errors out.

use federation::{LabelSet, Supergraph};
use graphql::{ExecutableDocument, OperationLimits, Suggestions, Valid, parse_operation};
use planner::{Asked, Budget, Decided, Deferral, PlanError, QueryPlan, sound};

use crate::corpus::suites;
use crate::edit::edit;
use crate::script::Script;

/// Plans an operation of one suite, broken.
pub fn check(mut script: Script<'_>) {
    let suite = script.choose(suites());
    let seed = script.choose(&suite.operations);
    let text = if script.byte() == 255 { script.text() } else { edit(seed, &suite.operations, &mut script) };
    match plan(&suite.supergraph, &text) {
        None | Some((_, Err(PlanError::Operation(_) | PlanError::TooComplex { .. } | PlanError::Unsupported(_)))) => {}
        Some((_, Err(error))) => panic!("{error} for {text}"),
        Some((document, Ok(plan))) => {
            let labels = LabelSet::default();
            let asked = Asked { document: &document, operation_name: None, decided: decided(&labels) };
            if let Err(unsound) = sound(&plan, (&suite.supergraph, &suite.schemas), asked) {
                panic!("{unsound:?} for {text}\n{}", planner::print(&plan, &suite.supergraph));
            }
        }
    }
}

/// The plan for an operation, if it is one.
pub fn plan(supergraph: &Supergraph, text: &str) -> Option<(Valid<ExecutableDocument>, Result<QueryPlan, PlanError>)> {
    let limits = OperationLimits::default();
    let document = match parse_operation(&supergraph.api_schema, text, &limits, Suggestions::On) {
        Ok(document) => document,
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without an error");
            return None;
        }
    };
    let planned = planner::plan(supergraph, &document, None, decided(&LabelSet::default()), &Budget::default());
    Some((document, planned))
}

fn decided(labels: &LabelSet) -> Decided<'_> {
    Decided { conditions: &|_| Some(true), labels, deferral: Deferral::Off }
}
