//! Plans operations given as JSON lines, for comparison with other planners and for measuring: see
//! `tests/peers/plans.mjs`.
//!
//! A line `{"supergraph": "path"}` loads a supergraph; a line `{"query": "…", "variables": {…}}` plans on it and
//! answers with a line: `{"fetches", "steps", "bytes", "micros", "plan"}` or `{"error"}`. The time is the processor's, so
//! that it doesn't depend on what else the machine does.

use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::time::Duration;

use federation::{LabelSet, Limits, Supergraph};
use graphql::ExecutableDocument;
use planner::{Budget, Decided, Deferral, OperationNames, QueryPlan};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

/// The router's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let mut supergraph = None;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line?)?;
        if let Some(path) = line.get("supergraph").and_then(Value::as_str) {
            let sdl = std::fs::read_to_string(path)?;
            supergraph = Some(Supergraph::parse(&sdl, Limits::default()).map_err(|found| format!("{found:?}"))?);
            continue;
        }
        let (Some(supergraph), Some(query)) = (&supergraph, line.get("query").and_then(Value::as_str)) else {
            return Err("neither a supergraph nor a query".into());
        };
        writeln!(out, "{}", answer(supergraph, query, &line).unwrap_or_else(|error| json!({ "error": error })))?;
        out.flush()?;
    }
    Ok(())
}

fn answer(supergraph: &Supergraph, query: &str, line: &Value) -> Result<Value, String> {
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "operation.graphql")
        .map_err(|found| found.to_string())?;
    let conditions = |name: &str| line.get("variables")?.get(name)?.as_bool();
    let decided = Decided { conditions: &conditions, labels: &LabelSet::default(), deferral: Deferral::Off };
    let started = processor_time();
    let plan = planner::plan(supergraph, &document, None, decided, &Budget::default());
    let micros = processor_time().saturating_sub(started).as_micros() as u64;
    let mut plan = plan.map_err(|error| error.to_string())?;
    // As the others name theirs.
    let client = document.operations.get(None).ok().and_then(|operation| operation.name.as_ref());
    planner::name_operations(&mut plan, supergraph, client.map(|name| name.as_str()), &|_| OperationNames::Full);
    Ok(json!({
        "fetches": plan.requests(),
        "steps": plan.steps(),
        "bytes": bytes(&plan),
        "micros": micros,
        "plan": planner::print(&plan, supergraph),
    }))
}

/// How long this thread has had a processor.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The length of all operations as they are sent.
fn bytes(plan: &QueryPlan) -> usize {
    let joined = |id: usize| plan.joint.iter().any(|joint| joint.members.iter().any(|it| it.fetch.0 as usize == id));
    let alone = plan.fetches.iter().enumerate().filter(|(id, _)| !joined(*id));
    let alone: usize = alone.map(|(_, fetch)| fetch.document.len()).sum();
    alone + plan.joint.iter().map(|joint| joint.document.len()).sum::<usize>()
}
