//! External copies of a field must agree with what the subgraphs that resolve it say.

use std::fmt::Arguments;

use federation::vocabulary::{AUTHENTICATED, COST, INACCESSIBLE, LIST_SIZE, POLICY, REQUIRES_SCOPES, TAG};
use graphql::ast::InputValueDefinition;
use graphql::{Label, Node};

use super::context::{Context, Findings};
use super::fields::FieldSource;
use super::value_type::MergedType;
use super::values;
use crate::report;

const MERGED: [&str; 8] = [TAG, INACCESSIBLE, AUTHENTICATED, REQUIRES_SCOPES, POLICY, COST, LIST_SIZE, "deprecated"];

/// `EXTERNAL_MISSING_ON_BASE`: somebody must own the field.
pub(crate) fn missing_on_base(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    sources: &[FieldSource<'_>],
    findings: &mut Findings,
) {
    let list = report::subgraphs(context.names(sources.iter().map(|source| source.graph)));
    let message =
        format!("Field \"{coordinate}\" is marked @external on all the subgraphs in which it is listed ({list}).");
    let labels =
        sources.iter().flat_map(|source| context.label(source.graph, source.field.location(), "external")).collect();
    findings.error(
        "EXTERNAL_MISSING_ON_BASE",
        message,
        labels,
        "Define the field without @external in the subgraph that resolves it.",
    );
}

/// Checks external copies against the merged field.
pub(crate) fn check(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    external: &[&FieldSource<'_>],
    ty: &MergedType,
    arguments: &[Node<InputValueDefinition>],
    findings: &mut Findings,
) {
    for source in external {
        let name = context.name(source.graph);
        let label = |text: &str| -> Vec<Label> { context.label(source.graph, source.field.location(), text) };
        let fits =
            source.field.ty == *ty.ty() || !ty.is_equal() && context.subtypes.is_subtype(&source.field.ty, ty.ty());
        if !fits {
            let message = format!(
                "Type of field \"{coordinate}\" is incompatible across subgraphs (where marked @external): it has type \"{}\" in the supergraph but type \"{}\" in subgraph \"{name}\"",
                ty.ty(),
                source.field.ty
            );
            findings.error(
                "EXTERNAL_TYPE_MISMATCH",
                message,
                label("external"),
                "Write the type that the field's owner has.",
            );
        }
        for argument in arguments {
            let Some(own) = source.field.argument_by_name(&argument.name) else {
                let message = format!(
                    "Field \"{coordinate}\" is missing argument \"{}\" in subgraph \"{name}\", where the field is marked @external",
                    argument.name
                );
                findings.error(
                    "EXTERNAL_ARGUMENT_MISSING",
                    message,
                    label("lacks the argument"),
                    "Add the argument as the field's owner has it.",
                );
                continue;
            };
            let coordinate = format_args!("{coordinate}({}:)", argument.name);
            if own.ty != argument.ty && !context.subtypes.is_subtype(&argument.ty, &own.ty) {
                let message = format!(
                    "Type of argument \"{coordinate}\" is incompatible across subgraphs (where \"{}\" is marked @external): it has type \"{}\" in the supergraph but type \"{}\" in subgraph \"{name}\"",
                    source.field.name, argument.ty, own.ty
                );
                let labels = context.label(source.graph, own.location(), "external");
                findings.error(
                    "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
                    message,
                    labels,
                    "Write the type that the field's owner has.",
                );
            }
            let defaults = (own.default_value.as_ref(), argument.default_value.as_ref());
            if !matches!(defaults, (None, None)) && !matches!(defaults, (Some(a), Some(b)) if values::same(a, b)) {
                let message = format!(
                    "Argument \"{coordinate}\" has another default value in subgraph \"{name}\", where the field is marked @external"
                );
                let labels = context.label(source.graph, own.location(), "another default");
                findings.error(
                    "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
                    message,
                    labels,
                    "Write the default that the field's owner has.",
                );
            }
        }
        for directive in source.field.directives.iter().filter(|directive| MERGED.contains(&directive.name.as_str())) {
            let written = context.subgraphs.get(source.graph).map(|subgraph| subgraph.local_name(&directive.name));
            let message = format!(
                "Cannot apply merged directive @{} to external field \"{coordinate}\" in subgraph \"{name}\"",
                written.unwrap_or_default()
            );
            let labels = context.label(source.graph, directive.location(), "on an external field");
            findings.error(
                "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
                message,
                labels,
                "Put it on the field where it is resolved.",
            );
        }
    }
}
