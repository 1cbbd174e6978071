//! Input objects: the fields that every subgraph takes.

use std::fmt::Arguments;

use federation::vocabulary::INACCESSIBLE;
use graphql::ast::{InputValueDefinition, Value};
use graphql::collections::IndexSet;
use graphql::schema::{Component, DirectiveList, ExtendedType, InputObjectType};
use graphql::{Name, Node, Severity};

use super::context::{Context, Findings, Graph};
use super::kinds::Source;
use super::{applied, arguments, description, join};
use crate::report;

type Having<'a> = Vec<(Graph, &'a Node<InputValueDefinition>)>;

/// Merges an input object; `None` when no field is left.
pub(crate) fn merge(
    context: &Context<'_>,
    name: &Name,
    sources: &[Source<'_>],
    findings: &mut Findings,
) -> Option<ExtendedType> {
    let place = format_args!("Type \"{name}\"");
    let inputs: Vec<(Graph, &InputObjectType)> =
        sources.iter().filter_map(|source| Some((source.graph, source.ty.as_input_object()?))).collect();
    let names: IndexSet<&Name> = inputs.iter().flat_map(|(_, ty)| ty.fields.keys()).collect();
    let mut fields = graphql::collections::IndexMap::default();
    for field in names {
        let coordinate = format_args!("{name}.{field}");
        let having: Having<'_> =
            inputs.iter().filter_map(|(graph, ty)| Some((*graph, &ty.fields.get(field)?.node))).collect();
        let hidden = having.iter().any(|(_, field)| field.directives.has(INACCESSIBLE));
        if having.len() < inputs.len() && !hidden {
            missing(context, coordinate, &inputs, &having, findings);
            continue;
        }
        let codes = ("FIELD_TYPE_MISMATCH", "INPUT_FIELD_DEFAULT_MISMATCH", "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE");
        let Some(mut merged) =
            arguments::input_value(context, format_args!("Input field \"{coordinate}\""), codes, &having, findings)
        else {
            continue;
        };
        let joins = joins(context, inputs.len(), &having);
        merged.directives.0.splice(0..0, joins.into_iter().map(Node::new));
        let location = having.first().and_then(|(_, field)| field.location());
        fields.insert(field.clone(), Component::from(join::placed(merged, location)));
    }
    if fields.is_empty() {
        let message = format!(
            "None of the fields of input object type \"{name}\" are consistently defined in all the subgraphs defining that type. As only fields common to all subgraphs are merged, this would result in an empty type."
        );
        let labels = inputs.iter().flat_map(|(graph, ty)| context.label(*graph, ty.name.location(), "here")).collect();
        findings.error(
            "EMPTY_MERGED_INPUT_TYPE",
            message,
            labels,
            "Add a field that all of them have, or rename one of the types.",
        );
        return None;
    }
    one_of(context, name, &inputs, &fields, findings);
    let descriptions = inputs.iter().map(|(graph, ty)| (*graph, ty.description.as_ref()));
    let description = description::merge(context, place, descriptions, findings);
    let mut directives = DirectiveList::default();
    for (graph, _) in &inputs {
        directives.extend(context.graphs.get(*graph).map(|graph| join::plain_type(graph).into()));
    }
    directives.extend(applied::merge_types(context, place, sources, findings));
    Some(InputObjectType { description, name: name.clone(), directives, fields }.into())
}

/// An input that takes exactly one field somewhere takes exactly one everywhere, so no field may be required.
fn one_of(
    context: &Context<'_>,
    name: &Name,
    inputs: &[(Graph, &InputObjectType)],
    fields: &graphql::collections::IndexMap<Name, Component<InputValueDefinition>>,
    findings: &mut Findings,
) {
    if !inputs.iter().any(|(_, ty)| ty.directives.has("oneOf")) {
        return;
    }
    for field in fields.values().filter(|field| field.ty.is_non_null() || field.default_value.is_some()) {
        let message = format!(
            "Input object type \"{name}\" is @oneOf in some subgraphs, so in the supergraph it takes exactly one field, but its field \"{name}.{}\" is not nullable or has a default value in others",
            field.name
        );
        let labels = inputs.iter().flat_map(|(graph, ty)| {
            let here = ty.directives.get("oneOf").and_then(|directive| directive.location());
            let other = ty.fields.get(&field.name).and_then(|field| field.location());
            let text = if here.is_some() { "takes exactly one field" } else { "the field" };
            context.label(*graph, here.or(other), text)
        });
        let help = "Make the field nullable without a default everywhere, or drop @oneOf.";
        findings.error("INVALID_GRAPHQL", message, labels.collect(), help);
    }
}

fn missing(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    inputs: &[(Graph, &InputObjectType)],
    having: &Having<'_>,
    findings: &mut Findings,
) {
    let lacking: Vec<_> = inputs.iter().filter(|(graph, _)| !having.iter().any(|(other, _)| other == graph)).collect();
    let where_lacking = report::subgraphs(context.names(lacking.iter().map(|(graph, _)| *graph)));
    let requiring: Vec<_> = having.iter().filter(|(_, field)| field.is_required()).collect();
    if requiring.is_empty() {
        let message = format!(
            "Input object field \"{coordinate}\" will not be added to the supergraph as it does not appear in all subgraphs: it is missing in {where_lacking}"
        );
        let mut labels: Vec<_> =
            having.iter().flat_map(|(graph, field)| context.label(*graph, field.location(), "has it")).collect();
        labels.extend(lacking.iter().flat_map(|(graph, ty)| context.label(*graph, ty.name.location(), "lacks it")));
        findings.hint("INCONSISTENT_INPUT_OBJECT_FIELD", Severity::Warning, message, labels);
        return;
    }
    let where_required = report::subgraphs(context.names(requiring.iter().map(|(graph, _)| *graph)));
    let message = format!(
        "Input object field \"{coordinate}\" is required in some subgraphs but does not appear in all subgraphs: it is required in {where_required} but does not appear in {where_lacking}"
    );
    let mut labels: Vec<_> =
        requiring.iter().flat_map(|(graph, field)| context.label(*graph, field.location(), "required")).collect();
    labels.extend(lacking.iter().flat_map(|(graph, ty)| context.label(*graph, ty.name.location(), "lacks it")));
    findings.error(
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        message,
        labels,
        "Add the field everywhere, or make it optional.",
    );
}

fn joins(context: &Context<'_>, parents: usize, having: &Having<'_>) -> Vec<graphql::ast::Directive> {
    let same_type = having.iter().all(|(_, field)| having.first().is_some_and(|(_, first)| first.ty == field.ty));
    if having.len() == parents && same_type {
        return Vec::new();
    }
    let join = |(graph, field): &(Graph, &Node<InputValueDefinition>)| {
        let mut arguments = vec![("graph", Value::Enum(context.graphs.get(*graph)?.clone()))];
        if !same_type {
            arguments.push(("type", Value::String(field.ty.to_string())));
        }
        Some(join::directive("join__field", arguments))
    };
    having.iter().filter_map(join).collect()
}
