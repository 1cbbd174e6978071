//! Directives that clients may write in operations: those that every subgraph defines, where all of them allow it.

use graphql::ast::{DirectiveDefinition, DirectiveLocation};
use graphql::collections::IndexSet;
use graphql::{Name, Node, Schema, Severity, is_executable_location};

use super::context::{Context, Findings, Graph};
use super::{arguments, description};
use crate::report;

/// Directives of GraphQL itself, known to every executor whatever a subgraph writes.
const BUILT_IN: [&str; 7] = ["skip", "include", "deprecated", "specifiedBy", "oneOf", "defer", "stream"];

/// Merges executable directive definitions into `out`.
pub(crate) fn merge(context: &Context<'_>, out: &mut Schema, findings: &mut Findings) {
    let subgraphs = context.subgraphs;
    let mut names: IndexSet<&Name> = IndexSet::default();
    for subgraph in subgraphs {
        let definitions = subgraph.schema.directive_definitions.values();
        let own =
            definitions.filter(|definition| !definition.is_built_in() && !BUILT_IN.contains(&definition.name.as_str()));
        names.extend(
            own.filter(|definition| definition.locations.iter().any(is_executable_location))
                .map(|definition| &definition.name),
        );
    }
    names.sort();
    for name in names {
        if context.composed.get(name).is_some() {
            continue;
        }
        let having: Vec<(Graph, &Node<DirectiveDefinition>)> = subgraphs
            .iter()
            .enumerate()
            .filter_map(|(graph, subgraph)| Some((graph, subgraph.schema.directive_definitions.get(name)?)))
            .collect();
        if let Some(merged) = merge_one(context, name, &having, findings) {
            out.directive_definitions.insert(name.clone(), Node::new(merged));
        }
    }
}

fn merge_one(
    context: &Context<'_>,
    name: &Name,
    having: &[(Graph, &Node<DirectiveDefinition>)],
    findings: &mut Findings,
) -> Option<DirectiveDefinition> {
    let hint = |findings: &mut Findings, code, problem: String| {
        let message = format!("Executable directive \"@{name}\" {problem}");
        let labels =
            having.iter().flat_map(|(graph, definition)| context.label(*graph, definition.location(), "defined"));
        findings.hint(code, Severity::Warning, message, labels.collect());
    };
    if having.len() < context.subgraphs.len() {
        let lacking = (0..context.subgraphs.len()).filter(|graph| !having.iter().any(|(other, _)| other == graph));
        let problem = format!(
            "will not be part of the supergraph as it is missing in {}",
            report::subgraphs(context.names(lacking))
        );
        hint(findings, "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", problem);
        return None;
    }
    let (_, first) = having.first()?;
    let common = |location: &&DirectiveLocation| having.iter().all(|(_, other)| other.locations.contains(location));
    let of =
        |definition: &DirectiveDefinition| definition.locations.iter().filter(|l| is_executable_location(l)).count();
    let locations: Vec<DirectiveLocation> =
        first.locations.iter().filter(|location| is_executable_location(location)).filter(common).copied().collect();
    if locations.is_empty() {
        hint(
            findings,
            "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
            "has no location common to all subgraphs: it is dropped".to_owned(),
        );
        return None;
    }
    if having.iter().any(|(_, definition)| of(definition) != locations.len()) {
        hint(
            findings,
            "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
            "has different locations across subgraphs: the common ones are kept".to_owned(),
        );
    }
    let repeatable = having.iter().all(|(_, definition)| definition.repeatable);
    if !repeatable && having.iter().any(|(_, definition)| definition.repeatable) {
        hint(
            findings,
            "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
            "is repeatable in some subgraphs only: it is not in the supergraph".to_owned(),
        );
    }
    let sources: Vec<_> = having
        .iter()
        .map(|(graph, definition)| (*graph, definition.location(), definition.arguments.as_slice()))
        .collect();
    let arguments = arguments::merge(context, format_args!("@{name}"), &sources, findings);
    let descriptions = having.iter().map(|(graph, definition)| (*graph, definition.description.as_ref()));
    let description = description::merge(context, format_args!("Directive \"@{name}\""), descriptions, findings);
    Some(DirectiveDefinition { description, name: name.clone(), arguments, repeatable, locations })
}
