//! A plan as text for people: steps in order, each with its subgraph, what it waits for and its document.

use std::fmt::Write;

use federation::Supergraph;

use super::words::{context_text, path_text, representation_text};
use crate::plan::{Fetch, FetchKind, QueryPlan};

/// Prints a plan: one paragraph a step, what may run at the same time within one.
///
/// ```text
/// Step 1
///   #0 products  {topProducts{upc}}
/// Step 2
///   #1 inventory after #0, at topProducts, given Product(upc)  query($representations:…){…}
/// ```
pub fn print(plan: &QueryPlan, supergraph: &Supergraph) -> String {
    let mut out = String::new();
    if plan.introspection.is_some() {
        out.push_str("Introspection is answered here\n");
    }
    if plan.fetches.is_empty() {
        out.push_str("No subgraph is asked\n");
    }
    let depths = plan.depths();
    let last = depths.iter().copied().max().unwrap_or(0);
    for step in 1..=last {
        out.push_str(&format!("Step {step}\n"));
        for (index, fetch) in plan.fetches.iter().enumerate() {
            if depths.get(index) == Some(&step) {
                print_fetch(plan, supergraph, index, fetch, &mut out);
            }
        }
    }
    for joint in &plan.joint {
        let members: Vec<String> = joint.members.iter().map(|member| format!("#{}", member.fetch.0)).collect();
        let _ = writeln!(out, "In one request: {}", members.join(" "));
    }
    for block in &plan.blocks {
        let needs: Vec<String> = block.needs.iter().map(|id| format!("#{}", id.0)).collect();
        let label = block.label.as_ref().map(|label| format!("\"{label}\" ")).unwrap_or_default();
        let _ = writeln!(out, "Deferred {label}needs {}", needs.join(" "));
    }
    out
}

fn print_fetch(plan: &QueryPlan, supergraph: &Supergraph, index: usize, fetch: &Fetch, out: &mut String) {
    let _ = write!(out, "  #{index} {}", supergraph.subgraph(fetch.subgraph).name);
    if !fetch.after.is_empty() {
        let after: Vec<String> = fetch.after.iter().map(|id| format!("#{}", id.0)).collect();
        let _ = write!(out, " after {}", after.join(" "));
    }
    match &fetch.kind {
        FetchKind::Root { path } if path.is_empty() => {}
        FetchKind::Root { path } => {
            let _ = write!(out, ", at {}", path_text(plan, supergraph, path));
        }
        FetchKind::Entities(entities) => {
            let paths: Vec<String> = entities.paths.iter().map(|path| path_text(plan, supergraph, path)).collect();
            let _ = write!(out, ", at {}, given ", paths.join(" and "));
            let given = entities.representations.iter().map(|given| representation_text(plan, supergraph, given));
            out.push_str(&given.collect::<Vec<_>>().join(" "));
            for argument in &entities.contexts {
                let _ = write!(out, ", {}", context_text(plan, supergraph, argument));
            }
        }
    }
    let _ = writeln!(out, "\n     {}", fetch.document);
}
