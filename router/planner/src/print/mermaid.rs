//! A plan as a Mermaid flowchart: a box a fetch, an arrow from each to those that wait for it; a frame around those that
//! are sent as one request, and a dotted arrow to each part of the response that waits for a fetch.

use std::fmt::Write;

use federation::Supergraph;

use super::words::{context_text, path_text, representation_text};
use crate::plan::{Fetch, FetchKind, QueryPlan};

/// Prints a plan in Mermaid's language, to be put in a fenced block of Markdown.
///
/// ```text
/// flowchart LR
///   client(["query"])
///   f0["#35;0 products"]
///   client --> f0
///   f1["#35;1 inventory<br/>topProducts<br/>Product(upc)"]
///   f0 --> f1
/// ```
///
/// Requests of several fetches and deferred parts follow:
///
/// ```text
///   subgraph r0["one request"]
///     f1
///     f2
///   end
///   d0(["deferred: reviews"])
///   f3 -.-> d0
/// ```
pub fn print(plan: &QueryPlan, supergraph: &Supergraph) -> String {
    let mut out = format!("flowchart LR\n  client([\"{}\"])\n", plan.kind.word());
    for (index, fetch) in plan.fetches.iter().enumerate() {
        let lines = lines(plan, supergraph, index, fetch);
        let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
        let _ = writeln!(out, "  f{index}[\"{}\"]", lines.join("<br/>"));
        if fetch.after.is_empty() {
            let _ = writeln!(out, "  client --> f{index}");
        }
        for before in &fetch.after {
            let _ = writeln!(out, "  f{} --> f{index}", before.0);
        }
    }
    for (index, joint) in plan.joint.iter().enumerate() {
        let _ = writeln!(out, "  subgraph r{index}[\"one request\"]");
        for member in &joint.members {
            let _ = writeln!(out, "    f{}", member.fetch.0);
        }
        out.push_str("  end\n");
    }
    for (index, block) in plan.blocks.iter().enumerate() {
        let label = block.label.as_ref().map(|label| format!(": {}", escaped(label))).unwrap_or_default();
        let _ = writeln!(out, "  d{index}([\"deferred{label}\"])");
        if let Some(parent) = block.parent {
            let _ = writeln!(out, "  d{} -.-> d{index}", parent.0);
        }
        for need in &block.needs {
            let _ = writeln!(out, "  f{} -.-> d{index}", need.0);
        }
    }
    out
}

/// What stands in the box.
fn lines(plan: &QueryPlan, supergraph: &Supergraph, index: usize, fetch: &Fetch) -> Vec<String> {
    let mut lines = vec![format!("#{index} {}", supergraph.subgraph(fetch.subgraph).name)];
    match &fetch.kind {
        FetchKind::Root { path } if path.is_empty() => {}
        FetchKind::Root { path } => lines.push(path_text(plan, supergraph, path)),
        FetchKind::Entities(entities) => {
            lines.extend(entities.paths.iter().map(|path| path_text(plan, supergraph, path)));
            let given = entities.representations.iter();
            lines.extend(given.map(|given| representation_text(plan, supergraph, given)));
            lines.extend(entities.contexts.iter().map(|argument| context_text(plan, supergraph, argument)));
        }
    }
    lines
}

/// Mermaid takes HTML in its boxes; only letters, digits and harmless signs go through as they are.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '_' | '.' | ',' | '-' | '(' | ')' | '=' | '|' | '/' | ':') {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
        }
    }
    escaped
}
