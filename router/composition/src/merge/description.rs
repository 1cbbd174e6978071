//! Descriptions: the most frequent one wins, and of equally frequent ones the first subgraph's.

use std::fmt::Arguments;

use graphql::collections::IndexMap;
use graphql::{Node, Severity};

use super::context::{Context, Findings, Graph};

/// Merges the descriptions of one element, called `place` in hints.
pub(crate) fn merge<'a>(
    context: &Context<'_>,
    place: Arguments<'_>,
    sources: impl IntoIterator<Item = (Graph, Option<&'a Node<str>>)>,
    findings: &mut Findings,
) -> Option<Node<str>> {
    let mut counts: IndexMap<&str, (usize, Graph, &Node<str>)> = IndexMap::default();
    for (graph, description) in sources {
        let Some(description) = description.filter(|text| !text.is_empty()) else { continue };
        counts.entry(description.as_str()).or_insert((0, graph, description)).0 += 1;
    }
    let mut best: Option<&(usize, Graph, &Node<str>)> = None;
    for candidate in counts.values() {
        if best.is_none_or(|best| candidate.0 > best.0) {
            best = Some(candidate);
        }
    }
    let (_, graph, chosen) = best?;
    if counts.len() > 1 {
        let message = format!(
            "{place} has inconsistent descriptions across subgraphs: the supergraph uses that of subgraph \"{}\"",
            context.name(*graph)
        );
        let labels = context.label(*graph, chosen.location(), "the description used");
        findings.hint("INCONSISTENT_DESCRIPTION", Severity::Warning, message, labels);
    }
    Some(Node::new_str(chosen))
}
