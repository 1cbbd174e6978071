//! Default values of arguments and input fields: kept only if every subgraph has the same.

use std::fmt::Arguments;

use graphql::ast::Value;
use graphql::{Node, Severity};

use super::context::{Context, Findings, Graph};
use super::values;
use crate::report;

/// Merges defaults; two different ones are an error of the given code.
pub(crate) fn merge(
    context: &Context<'_>,
    place: Arguments<'_>,
    code: &'static str,
    sources: &[(Graph, Option<&Node<Value>>)],
    findings: &mut Findings,
) -> Option<Node<Value>> {
    let given: Vec<(Graph, &Node<Value>)> =
        sources.iter().filter_map(|(graph, value)| Some((*graph, (*value)?))).collect();
    let (_, first) = given.first()?;
    if given.iter().any(|(_, value)| !values::same(value, first)) {
        let texts = given.iter().map(|(graph, value)| (*graph, value.serialize().no_indent().to_string()));
        let message = format!(
            "{place} has incompatible default values across subgraphs: it has {}",
            context.variants("default value", texts)
        );
        let labels =
            given.iter().flat_map(|(graph, value)| context.label(*graph, value.location(), "default value")).collect();
        findings.error(code, message, labels, "Use one default everywhere.");
        return None;
    }
    if given.len() < sources.len() {
        let lacking = sources.iter().filter(|(_, value)| value.is_none()).map(|(graph, _)| *graph);
        let message = format!(
            "{place} has a default value only in some subgraphs: it is dropped, since {} has none",
            report::subgraphs(context.names(lacking))
        );
        let labels = given
            .iter()
            .flat_map(|(graph, value)| context.label(*graph, value.location(), "a default value"))
            .collect();
        findings.hint("INCONSISTENT_DEFAULT_VALUE_PRESENCE", Severity::Warning, message, labels);
        return None;
    }
    Some((*first).clone())
}
