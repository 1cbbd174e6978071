//! Arguments of one field or directive: those that every subgraph takes.

use std::fmt::Arguments;

use graphql::ast::InputValueDefinition;
use graphql::collections::IndexSet;
use graphql::{Name, Node, Severity, SourceSpan};

use super::context::{Context, Findings, Graph};
use super::value_type::{Flow, MergedType};
use super::{applied, contextual, default_value, description, join, value_type};
use crate::report;

/// The arguments in one subgraph, with where their field or directive stands.
pub(crate) type ArgumentSource<'a> = (Graph, Option<SourceSpan>, &'a [Node<InputValueDefinition>]);

/// Merges arguments by intersection. Those that some subgraph fills from a context are left out.
pub(crate) fn merge(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    sources: &[ArgumentSource<'_>],
    findings: &mut Findings,
) -> Vec<Node<InputValueDefinition>> {
    let names: IndexSet<&Name> =
        sources.iter().flat_map(|(_, _, list)| list.iter().map(|argument| &argument.name)).collect();
    let mut merged = Vec::new();
    for name in names {
        let coordinate = format_args!("{coordinate}({name}:)");
        let having: Vec<(Graph, &Node<InputValueDefinition>)> = sources
            .iter()
            .filter_map(|(graph, _, list)| Some((*graph, list.iter().find(|argument| argument.name == *name)?)))
            .collect();
        if having.iter().any(|(_, argument)| contextual::is_contextual(argument)) {
            contextual::check(context, coordinate, &having, findings);
            continue;
        }
        if having.len() < sources.len() {
            missing(context, coordinate, sources, &having, findings);
            continue;
        }
        let codes = (
            "FIELD_ARGUMENT_TYPE_MISMATCH",
            "FIELD_ARGUMENT_DEFAULT_MISMATCH",
            "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
        );
        let place = format_args!("Argument \"{coordinate}\"");
        let location = having.first().and_then(|(_, argument)| argument.location());
        let argument = input_value(context, place, codes, &having, findings);
        merged.extend(argument.map(|argument| join::placed(argument, location)));
    }
    merged
}

/// Codes of an input value: type mismatch, default mismatch, and the hint for compatible types.
pub(crate) type Codes = (&'static str, &'static str, &'static str);

/// Merges one argument or input field over the subgraphs that have it.
pub(crate) fn input_value(
    context: &Context<'_>,
    place: Arguments<'_>,
    (type_code, default_code, hint_code): Codes,
    having: &[(Graph, &Node<InputValueDefinition>)],
    findings: &mut Findings,
) -> Option<InputValueDefinition> {
    let (_, first) = having.first()?;
    let merged = value_type::merge(&context.subtypes, Flow::Input, having.iter().map(|(_, value)| &*value.ty))?;
    let variants = || context.variants("type", having.iter().map(|(graph, value)| (*graph, value.ty.to_string())));
    let labels = || {
        having
            .iter()
            .flat_map(|(graph, value)| context.label(*graph, value.location(), format!("of type \"{}\"", value.ty)))
            .collect()
    };
    match &merged {
        MergedType::Equal(_) => {}
        MergedType::Compatible(ty) => {
            let message = format!(
                "{place} has inconsistent but compatible types across subgraphs: it is \"{ty}\" in the supergraph, but has {}",
                variants()
            );
            findings.hint(hint_code, Severity::Information, message, labels());
        }
        MergedType::Incompatible(_) => {
            let message = format!("{place} has incompatible types across subgraphs: it has {}", variants());
            findings.error(type_code, message, labels(), "Use one type everywhere; they may differ in nullability.");
        }
    }
    let defaults: Vec<_> = having.iter().map(|(graph, value)| (*graph, value.default_value.as_ref())).collect();
    let default_value = default_value::merge(context, place, default_code, &defaults, findings);
    let descriptions = having.iter().map(|(graph, value)| (*graph, value.description.as_ref()));
    let description = description::merge(context, place, descriptions, findings);
    let lists = having.iter().map(|(graph, value)| (*graph, value.directives.iter().collect())).collect();
    let directives = applied::merge(context, place, lists, findings);
    Some(InputValueDefinition {
        description,
        name: first.name.clone(),
        ty: Node::new(merged.ty().clone()),
        default_value,
        directives,
    })
}

fn missing(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    sources: &[ArgumentSource<'_>],
    having: &[(Graph, &Node<InputValueDefinition>)],
    findings: &mut Findings,
) {
    let lacking: Vec<_> =
        sources.iter().filter(|(graph, _, _)| !having.iter().any(|(other, _)| other == graph)).collect();
    let where_lacking = report::subgraphs(context.names(lacking.iter().map(|(graph, _, _)| *graph)));
    let requiring: Vec<_> = having.iter().filter(|(_, argument)| argument.is_required()).collect();
    if requiring.is_empty() {
        let message = format!(
            "Optional argument \"{coordinate}\" will not be included in the supergraph as it does not appear in all subgraphs: it is missing in {where_lacking}"
        );
        let mut labels: Vec<_> =
            having.iter().flat_map(|(graph, argument)| context.label(*graph, argument.location(), "has it")).collect();
        labels.extend(lacking.iter().flat_map(|(graph, location, _)| context.label(*graph, *location, "lacks it")));
        findings.hint("INCONSISTENT_ARGUMENT_PRESENCE", Severity::Warning, message, labels);
        return;
    }
    let where_required = report::subgraphs(context.names(requiring.iter().map(|(graph, _)| *graph)));
    let message = format!(
        "Argument \"{coordinate}\" is required in some subgraphs but does not appear in all subgraphs: it is required in {where_required} but does not appear in {where_lacking}"
    );
    let mut labels: Vec<_> =
        requiring.iter().flat_map(|(graph, argument)| context.label(*graph, argument.location(), "required")).collect();
    labels.extend(lacking.iter().flat_map(|(graph, location, _)| context.label(*graph, *location, "lacks it")));
    findings.error(
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        message,
        labels,
        "Add the argument everywhere, or make it optional.",
    );
}
