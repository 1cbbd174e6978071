//! Proving a plan before it is used, where the edition says so: a fault of planning is then refused and told, rather
//! than seen as wrong data.

use std::time::{Duration, Instant};

use graphql::RequestError;
use planner::plan::QueryPlan;
use planner::{Asked, Unsound};

use super::Snapshot;
use crate::refusal::Refusal;

/// How long one plan may be proved. Each is proved once, in a time linear in its size; beyond this it is used unproved,
/// since nothing is known against it.
const PROVING_MAX: Duration = Duration::from_secs(1);

/// Proves a plan.
///
/// # Errors
/// `PLAN_UNSOUND`, with what is wrong in the log.
pub(super) fn prove(snapshot: &Snapshot, plan: &QueryPlan, asked: Asked<'_>, trace_id: &str) -> Result<(), Refusal> {
    let Some(schemas) = &snapshot.proof else { return Ok(()) };
    let end = Instant::now() + PROVING_MAX;
    let stop = || Instant::now() >= end;
    let Err(found) = planner::sound_within(plan, (&snapshot.supergraph, schemas), asked, &stop) else { return Ok(()) };
    if found == [Unsound::Unproved] {
        tracing::warn!(trace_id, "a plan is used unproved: the proof took too long");
        return Ok(());
    }
    for fault in &found {
        tracing::error!(trace_id, "a plan is not sound, which is a fault of the planner: {fault}");
    }
    tracing::error!(trace_id, "the plan:\n{}", planner::print(plan, &snapshot.supergraph));
    let mut refusal = Refusal::internal(trace_id);
    refusal.errors =
        vec![RequestError::new("PLAN_UNSOUND", "The plan for this operation is wrong; nothing was asked.")];
    Err(refusal)
}
