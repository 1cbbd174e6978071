//! Whether the plan that is shown is sound.

use std::time::{Duration, Instant};

use federation::{Limits, Supergraph};
use planner::{Asked, QueryPlan, Unsound};

/// How long the proof may take, which is linear in the size of the plan. Somebody waits for it, but nobody else.
const PROVING_MAX: Duration = Duration::from_secs(10);

/// What there is to tell: what is wrong with the plan, which is a fault of the planner that whoever sees it should report,
/// or that it isn't known.
pub fn findings(plan: &QueryPlan, supergraph: (&Supergraph, &str), asked: Asked<'_>) -> Vec<String> {
    let end = Instant::now() + PROVING_MAX;
    findings_within(plan, supergraph, asked, &|| Instant::now() >= end)
}

fn findings_within(
    plan: &QueryPlan,
    (supergraph, sdl): (&Supergraph, &str),
    asked: Asked<'_>,
    stop: &dyn Fn() -> bool,
) -> Vec<String> {
    let Ok(schemas) = Supergraph::subgraph_schemas(sdl, Limits::default()) else { return Vec::new() };
    let found = planner::sound_within(plan, (supergraph, &schemas), asked, stop).err().unwrap_or_default();
    let told = found.iter().map(|fault| match fault {
        Unsound::Unproved => {
            format!("the plan may or may not be sound: its proof was stopped after {} seconds", PROVING_MAX.as_secs())
        }
        fault => format!("the plan is not sound, which is a fault of this program: {fault}"),
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use federation::LabelSet;
    use graphql::{OperationLimits, Suggestions};
    use planner::{Budget, Decided, Deferral};

    use super::*;

    #[test]
    fn says_what_is_wrong_and_that_the_proof_was_stopped() {
        let sdl = include_str!("../../../tests/fixtures/bench/supergraph.graphql");
        let supergraph = Supergraph::parse(sdl, Limits::default()).unwrap();
        let text = "{ topProducts { name inStock } }";
        let schema = &supergraph.api_schema;
        let limits = OperationLimits::default();
        let document = graphql::parse_operation(schema, text, &limits, Suggestions::On).unwrap();
        let decided = Decided { conditions: &|_| None, labels: &LabelSet::default(), deferral: Deferral::On };
        let asked = Asked { document: &document, operation_name: None, decided };
        let mut plan = planner::plan(&supergraph, &document, None, decided, &Budget::default()).unwrap();
        assert_eq!(findings(&plan, (&supergraph, sdl), asked), [""; 0]);
        let stopped = ["the plan may or may not be sound: its proof was stopped after 10 seconds"];
        assert_eq!(findings_within(&plan, (&supergraph, sdl), asked, &|| true), stopped);
        plan.fetches.truncate(1);
        let found = findings(&plan, (&supergraph, sdl), asked);
        assert!(found.iter().any(|told| told.starts_with("the plan is not sound")), "{found:?}");
    }
}
