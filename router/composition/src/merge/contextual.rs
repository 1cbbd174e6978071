//! `@context` and `@fromContext`: arguments that the router fills from a context. They are not the client's, so the
//! merged field lacks them; the subgraph's join says where each value comes from.

use std::fmt::Arguments;

use federation::subgraph::FromContext;
use federation::vocabulary::FROM_CONTEXT;
use graphql::ast::{Directive, FieldDefinition, InputValueDefinition, Value};
use graphql::{Node, Severity};

use super::context::{Context, Findings, Graph};
use super::join;

/// Whether an argument is filled from a context.
pub(crate) fn is_contextual(argument: &InputValueDefinition) -> bool {
    argument.directives.has(FROM_CONTEXT)
}

/// What a context is called in the supergraph, where names of different subgraphs must not meet.
pub(crate) fn name(subgraph: &str, context: &str) -> String {
    format!("{subgraph}__{context}")
}

/// The contexts that subgraphs set on one type.
pub(crate) fn set_on_type(context: &Context<'_>, applications: &[(Graph, &Node<Directive>)]) -> Vec<Directive> {
    let mut set: Vec<Directive> = Vec::new();
    for (graph, application) in applications {
        let Some(written) = application.specified_argument_by_name("name").and_then(|value| value.as_str()) else {
            continue;
        };
        let arguments = join::arguments(vec![("name", Value::String(name(context.name(*graph), written)))]);
        let directive = Directive { name: application.name.clone(), arguments };
        if !set.contains(&directive) {
            set.push(directive);
        }
    }
    set
}

/// An argument that is contextual in some subgraph must be so in every one that can't do without it.
pub(crate) fn check(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    having: &[(Graph, &Node<InputValueDefinition>)],
    findings: &mut Findings,
) {
    const CODE: &str = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS";
    let plain = || having.iter().filter(|(_, argument)| !is_contextual(argument));
    let labels = |required: &InputValueDefinition| {
        let text = |argument: &InputValueDefinition| match (is_contextual(argument), argument == required) {
            (true, _) => "filled from a context",
            (false, true) => "not filled from a context",
            (false, false) => "not filled either",
        };
        having.iter().flat_map(|(graph, argument)| context.label(*graph, argument.location(), text(argument))).collect()
    };
    let required: Vec<_> = plain().filter(|(_, argument)| argument.is_required()).collect();
    for (graph, argument) in &required {
        let message = format!(
            "Argument \"{coordinate}\" is contextual in at least one subgraph, but in subgraph \"{}\" it has no @fromContext, is not nullable and has no default value",
            context.name(*graph)
        );
        let help = "Fill it with @fromContext there too, make it nullable, or give it a default value.";
        findings.error(CODE, message, labels(argument), help);
    }
    if let (true, Some((_, argument))) = (required.is_empty(), plain().next()) {
        let message = format!(
            "Argument \"{coordinate}\" will not be included in the supergraph since it is contextual in at least one subgraph"
        );
        findings.hint(CODE, Severity::Information, message, labels(argument));
    }
}

/// The value of `join__field(contextArguments:)` for one subgraph's field; `None` if no argument is contextual.
pub(crate) fn join_argument(subgraph: &str, field: &FieldDefinition) -> Option<Value> {
    let argument = |argument: &Node<InputValueDefinition>| {
        let directive = argument.directives.get(FROM_CONTEXT)?;
        let from = FromContext::parse(directive.specified_argument_by_name("field")?.as_str()?)?;
        let member = |key: &'static str, text: String| (join::fixed(key), Node::new(Value::String(text)));
        Some(Node::new(Value::Object(vec![
            member("context", name(subgraph, from.context)),
            member("name", argument.name.to_string()),
            member("type", argument.ty.to_string()),
            member("selection", from.selection.to_owned()),
        ])))
    };
    let arguments: Vec<Node<Value>> = field.arguments.iter().filter_map(argument).collect();
    (!arguments.is_empty()).then_some(Value::List(arguments))
}
