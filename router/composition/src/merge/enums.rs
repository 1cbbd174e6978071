//! Enums: all values where only results use them, the common ones where only input does, and equal sets where both do.

use std::fmt::Arguments;

use federation::vocabulary::INACCESSIBLE;
use graphql::ast::EnumValueDefinition;
use graphql::collections::{IndexMap, IndexSet};
use graphql::schema::{Component, DirectiveList, EnumType, ExtendedType};
use graphql::{Name, Schema, Severity};

use super::context::{Context, Findings, Graph};
use super::kinds::{Kind, Source, TypeTable};
use super::{applied, description, join};
use crate::report;

/// Where the merged schema uses types, by an example of each.
#[derive(Default)]
pub(crate) struct Usage {
    output: IndexMap<Name, String>,
    input: IndexMap<Name, String>,
}

impl Usage {
    /// Gathers the uses of enums in a schema that lacks only these.
    pub(crate) fn of(schema: &Schema, types: &TypeTable<'_>) -> Self {
        let mut usage = Self::default();
        let is_enum = |ty: &Name| types.get(ty).is_some_and(|entry| entry.kind == Kind::Enum);
        let note = |uses: &mut IndexMap<Name, String>, ty: &Name, place: Arguments<'_>| {
            if is_enum(ty) && !uses.contains_key(ty) {
                uses.insert(ty.clone(), place.to_string());
            }
        };
        for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
            if let Some(composite) = federation::subgraph::Composite::of(ty) {
                for field in composite.fields.values() {
                    let coordinate = format_args!("{}.{}", composite.name, field.name);
                    for argument in &field.arguments {
                        let place = format_args!("{coordinate}({}:)", argument.name);
                        note(&mut usage.input, argument.ty.inner_named_type(), place);
                    }
                    note(&mut usage.output, field.ty.inner_named_type(), coordinate);
                }
            }
            if let ExtendedType::InputObject(input) = ty {
                for field in input.fields.values() {
                    let place = format_args!("{}.{}", input.name, field.name);
                    note(&mut usage.input, field.ty.inner_named_type(), place);
                }
            }
        }
        for definition in schema.directive_definitions.values() {
            for argument in &definition.arguments {
                let place = format_args!("@{}({}:)", definition.name, argument.name);
                note(&mut usage.input, argument.ty.inner_named_type(), place);
            }
        }
        usage
    }
}

/// Merges an enum; `None` when no value is left.
pub(crate) fn merge(
    context: &Context<'_>,
    name: &Name,
    sources: &[Source<'_>],
    usage: &Usage,
    findings: &mut Findings,
) -> Option<ExtendedType> {
    let place = format_args!("Type \"{name}\"");
    let enums: Vec<(Graph, &EnumType)> =
        sources.iter().filter_map(|source| Some((source.graph, source.ty.as_enum()?))).collect();
    let (input, output) = (usage.input.get(name), usage.output.get(name));
    if input.is_none() && output.is_none() {
        let message = format!("Enum type \"{name}\" is defined but unused: it is merged as if used in results only");
        let labels = enums.iter().flat_map(|(graph, ty)| context.label(*graph, ty.name.location(), "unused")).collect();
        findings.hint("UNUSED_ENUM_TYPE", Severity::Debug, message, labels);
    }
    let all: IndexSet<&Name> = enums.iter().flat_map(|(_, ty)| ty.values.keys()).collect();
    let mut values = graphql::collections::IndexMap::default();
    for value in all {
        let having: Vec<(Graph, &Component<EnumValueDefinition>)> =
            enums.iter().filter_map(|(graph, ty)| Some((*graph, ty.values.get(value)?))).collect();
        let inaccessible = having.iter().any(|(_, value)| value.directives.has(INACCESSIBLE));
        let everywhere = having.len() == enums.len();
        let hidden_input = inaccessible && input.is_some();
        let keep = everywhere || hidden_input || presence(context, name, value, (input, output), &enums, findings);
        if keep {
            values.insert(value.clone(), Component::new(merge_value(context, name, value, &having, findings)));
        }
    }
    if values.is_empty() {
        let message = format!(
            "None of the values of enum type \"{name}\" are defined consistently in all the subgraphs that define it"
        );
        let labels = enums.iter().flat_map(|(graph, ty)| context.label(*graph, ty.name.location(), "here")).collect();
        findings.error(
            "EMPTY_MERGED_ENUM_TYPE",
            message,
            labels,
            "An enum used as input keeps the values that all subgraphs have: add a common one.",
        );
        return None;
    }
    let descriptions = enums.iter().map(|(graph, ty)| (*graph, ty.description.as_ref()));
    let description = description::merge(context, place, descriptions, findings);
    let mut directives = DirectiveList::default();
    for (graph, _) in &enums {
        directives.extend(context.graphs.get(*graph).map(|graph| join::plain_type(graph).into()));
    }
    directives.extend(applied::merge_types(context, place, sources, findings));
    Some(EnumType { description, name: name.clone(), directives, values }.into())
}

/// Whether a value that some subgraph lacks stays.
fn presence(
    context: &Context<'_>,
    name: &Name,
    value: &Name,
    (input, output): (Option<&String>, Option<&String>),
    enums: &[(Graph, &EnumType)],
    findings: &mut Findings,
) -> bool {
    let lacking: Vec<Graph> =
        enums.iter().filter(|(_, ty)| !ty.values.contains_key(value)).map(|(graph, _)| *graph).collect();
    let where_lacking = report::subgraphs(context.names(lacking.iter().copied()));
    let labels = || {
        let each = enums.iter().flat_map(|(graph, ty)| match ty.values.get(value) {
            Some(value) => context.label(*graph, value.value.location(), "has it"),
            None => context.label(*graph, ty.name.location(), "lacks it"),
        });
        each.collect::<Vec<_>>()
    };
    match (input, output) {
        (Some(input), Some(output)) => {
            let message = format!(
                "Enum type \"{name}\" is used as both input type (for example, as type of \"{input}\") and output type (for example, as type of \"{output}\"), but value \"{value}\" is not defined in all the subgraphs defining \"{name}\": it is missing in {where_lacking}"
            );
            findings.error(
                "ENUM_VALUE_MISMATCH",
                message,
                labels(),
                "Add the value everywhere; mark it @inaccessible until all subgraphs have it.",
            );
            true
        }
        (Some(_), None) => {
            let message = format!(
                "Value \"{value}\" of enum type \"{name}\" will not be part of the supergraph as it is missing in {where_lacking}"
            );
            findings.hint("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", Severity::Warning, message, labels());
            false
        }
        (None, _) => {
            let message = format!("Value \"{value}\" of enum type \"{name}\" is missing in {where_lacking}");
            findings.hint("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", Severity::Debug, message, labels());
            true
        }
    }
}

fn merge_value(
    context: &Context<'_>,
    name: &Name,
    value: &Name,
    having: &[(Graph, &Component<EnumValueDefinition>)],
    findings: &mut Findings,
) -> EnumValueDefinition {
    let place = format_args!("Enum value \"{name}.{value}\"");
    let descriptions = having.iter().map(|(graph, value)| (*graph, value.description.as_ref()));
    let description = description::merge(context, place, descriptions, findings);
    let lists = having.iter().map(|(graph, value)| (*graph, value.directives.iter().collect())).collect();
    let mut directives = applied::merge(context, place, lists, findings);
    for (graph, _) in having {
        directives.extend(context.graphs.get(*graph).map(|graph| join::enum_value(graph).into()));
    }
    EnumValueDefinition { description, value: value.clone(), directives }
}
