//! A plan as text for people: steps in order, each with its subgraph, what it waits for and its document.

use std::fmt::Write;

use federation::{Supergraph, TypeSet};

use crate::plan::{Fetch, FetchKind, PathSegment, QueryPlan, RepresentationMember};

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
            let given: Vec<String> = entities
                .representations
                .iter()
                .map(|given| {
                    let name = given.typename.clone().unwrap_or_else(|| types_text(supergraph, &given.types));
                    format!("{name}({})", members_text(plan, &given.members))
                })
                .collect();
            out.push_str(&given.join(" "));
        }
    }
    let _ = writeln!(out, "\n     {}", fetch.document);
}

fn path_text(plan: &QueryPlan, supergraph: &Supergraph, path: &[PathSegment]) -> String {
    let segments: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            PathSegment::Key(key) => plan.keys.get(key.0 as usize).cloned().unwrap_or_default(),
            PathSegment::Type(types) => format!("<{}>", types_text(supergraph, types)),
        })
        .collect();
    segments.join(".")
}

fn types_text(supergraph: &Supergraph, types: &TypeSet) -> String {
    let names: Vec<&str> = types.iter().map(|ty| supergraph.ty(ty).name.as_str()).collect();
    names.join("|")
}

fn members_text(plan: &QueryPlan, members: &[RepresentationMember]) -> String {
    let members = members.iter().map(|member| {
        let mut text = member.name.clone();
        if let Some(key) = member.source.and_then(|key| plan.keys.get(key.0 as usize))
            && *key != member.name
        {
            let _ = write!(text, "={key}");
        }
        for selection in &member.selection {
            let _ = write!(text, "{{{}}}", members_text(plan, &selection.members));
        }
        text
    });
    members.collect::<Vec<_>>().join(" ")
}
