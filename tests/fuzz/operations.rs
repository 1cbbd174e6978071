//! Operations in, sound plans or request errors out.

use federation::{LabelId, LabelSet, Supergraph};
use graphql::{ExecutableDocument, OperationLimits, Schema, Suggestions, Valid, parse_operation};
use planner::{Asked, Budget, Decided, Deferral, PlanError, QueryPlan, sound};

use crate::corpus::suites;
use crate::edit::edit;
use crate::script::Script;
use crate::vocabulary;

/// Plans an operation of one suite, broken.
pub fn check(mut script: Script<'_>) {
    let suite = script.choose(suites());
    let seed = script.choose(&suite.operations);
    let chances = script.byte();
    let labels = labels(&suite.supergraph, script.byte());
    let decided = Decided {
        conditions: &|variable| Some((chances >> (variable.len() % 4)) & 1 == 0),
        labels: &labels,
        deferral: if chances & 16 == 0 { Deferral::Off } else { Deferral::On },
    };
    let schema = if decided.deferral == Deferral::On { &suite.deferring } else { &suite.supergraph.api_schema };
    let text = match script.byte() {
        255 => script.text(),
        _ => edit(seed, &suite.operations, &vocabulary::OPERATION, &mut script),
    };
    let Some(document) = parse(schema, &text) else { return };
    match planner::plan(&suite.supergraph, &document, None, decided, &Budget::default()) {
        Err(PlanError::Operation(_) | PlanError::TooComplex { .. } | PlanError::Unsupported(_)) => {}
        Err(error) => panic!("{error} for {text}"),
        Ok(plan) => {
            let asked = Asked { document: &document, operation_name: None, decided };
            if let Err(unsound) = sound(&plan, (&suite.supergraph, &suite.schemas), asked) {
                panic!("{unsound:?} for {text}\n{}", planner::print(&plan, &suite.supergraph));
            }
        }
    }
}

/// The plan for an operation, if it is one, and if there is one: nothing in it comes later.
pub fn plan(supergraph: &Supergraph, text: &str) -> Option<QueryPlan> {
    plan_with(supergraph, (&supergraph.api_schema, Deferral::Off), text)
}

/// The plan for an operation, and for each of its nested selections the plan that defers it.
pub fn plans(supergraph: &Supergraph, deferring: &Valid<Schema>, operation: &[String]) -> Vec<QueryPlan> {
    let opening: Vec<usize> = (0..operation.len()).filter(|at| operation[*at] == "{").skip(1).collect();
    let deferred = opening.into_iter().filter_map(|open| {
        let (before, after) = operation.split_at(open + 1);
        let (within, after) = after.split_at(closing(after)?);
        let text = format!("{} ... @defer {{ {} }} {}", before.join(" "), within.join(" "), after.join(" "));
        plan_with(supergraph, (deferring, Deferral::On), &text)
    });
    plan(supergraph, &operation.join(" ")).into_iter().chain(deferred).collect()
}

/// Where the brace stands that closes one before these tokens.
fn closing(tokens: &[String]) -> Option<usize> {
    let mut depth = 1;
    tokens.iter().position(|token| {
        depth += match token.as_str() {
            "{" => 1,
            "}" => -1,
            _ => 0,
        };
        depth == 0
    })
}

fn plan_with(supergraph: &Supergraph, (schema, deferral): (&Valid<Schema>, Deferral), text: &str) -> Option<QueryPlan> {
    let document = parse(schema, text)?;
    let labels = LabelSet::default();
    let decided = Decided { conditions: &|_| Some(true), labels: &labels, deferral };
    planner::plan(supergraph, &document, None, decided, &Budget::default()).ok()
}

fn parse(schema: &Valid<Schema>, text: &str) -> Option<Valid<ExecutableDocument>> {
    match parse_operation(schema, text, &OperationLimits::default(), Suggestions::On) {
        Ok(document) => Some(document),
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without an error");
            None
        }
    }
}

/// The labels in force: as the bits of a number say, again and again.
fn labels(supergraph: &Supergraph, bits: u8) -> LabelSet {
    let all = (0u32..).take(supergraph.override_labels.len());
    all.filter(|label| (bits >> (label % 8)) & 1 == 1).map(LabelId).collect()
}
