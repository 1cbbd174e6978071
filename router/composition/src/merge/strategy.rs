//! How several applications of a non-repeatable directive become one.

use std::fmt::Arguments;

use federation::vocabulary::{COST, LIST_SIZE, POLICY, REQUIRES_SCOPES};
use graphql::ast::{Argument, Directive, Value};
use graphql::{Label, Name, Node, Severity};

use super::alternatives::{Alternatives, TooMany};
use super::context::{Context, Findings, Graph};
use super::{requirements, values};
use crate::report;

/// Merges applications of one directive from several subgraphs.
pub(crate) fn merge(
    context: &Context<'_>,
    place: Arguments<'_>,
    applications: &[(Graph, &Node<Directive>)],
    findings: &mut Findings,
) -> Option<Directive> {
    let (_, first) = applications.first()?;
    if applications.iter().all(|(_, other)| same(context, first, other)) {
        return Some((***first).clone());
    }
    let values = |argument: &str| -> Vec<&Node<Value>> {
        applications.iter().filter_map(|(_, directive)| directive.specified_argument_by_name(argument)).collect()
    };
    let mut too_many = |error: TooMany| {
        let message = requirements::too_many(place);
        findings.error(requirements::TOO_MANY_CODE, message, labels(context, applications), "");
        Err(error)
    };
    let arguments: Vec<(&'static str, Value)> = match first.name.as_str() {
        COST => vec![("weight", max(&values("weight"))?)],
        LIST_SIZE => list_size(applications),
        REQUIRES_SCOPES => vec![("scopes", all_of(&values("scopes")).or_else(&mut too_many).ok()?)],
        POLICY => vec![("policies", all_of(&values("policies")).or_else(&mut too_many).ok()?)],
        _ => return most_frequent(context, place, applications, findings),
    };
    let message = format!(
        "Directive @{} on {place} has different arguments across subgraphs: they are merged",
        first.name.trim_start_matches("federation__")
    );
    findings.hint(
        "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        Severity::Information,
        message,
        labels(context, applications),
    );
    let argument = |(name, value): (&'static str, Value)| {
        Node::new(Argument { name: Name::new_unchecked(name), value: Node::new(value) })
    };
    Some(Directive { name: first.name.clone(), arguments: arguments.into_iter().map(argument).collect() })
}

fn labels(context: &Context<'_>, applications: &[(Graph, &Node<Directive>)]) -> Vec<Label> {
    applications.iter().flat_map(|(graph, directive)| context.label(*graph, directive.location(), "applied")).collect()
}

/// Equal up to the order of arguments, and to arguments that say what their default says.
pub(crate) fn same(context: &Context<'_>, a: &Directive, b: &Directive) -> bool {
    let told = |directive: &'_ Directive, argument: &Argument| {
        directive.specified_argument_by_name(&argument.name).is_some_and(|value| values::same(value, &argument.value))
            || default_says(context, directive, argument)
    };
    a.name == b.name && a.arguments.iter().all(|one| told(b, one)) && b.arguments.iter().all(|one| told(a, one))
}

/// Whether a directive that leaves an argument out means the same by its default.
fn default_says(context: &Context<'_>, directive: &Directive, argument: &Argument) -> bool {
    if directive.specified_argument_by_name(&argument.name).is_some() {
        return false;
    }
    match (directive.name.as_str(), argument.name.as_str()) {
        ("deprecated", "reason") => argument.value.as_str() == Some("No longer supported"),
        (LIST_SIZE, "requireOneSlicingArgument") => argument.value.to_bool() == Some(true),
        (name, _) => {
            let definition = context.composed.get(name).and_then(|known| known.argument_by_name(&argument.name));
            definition
                .and_then(|known| known.default_value.as_ref())
                .is_some_and(|value| values::same(value, &argument.value))
        }
    }
}

fn most_frequent(
    context: &Context<'_>,
    place: Arguments<'_>,
    applications: &[(Graph, &Node<Directive>)],
    findings: &mut Findings,
) -> Option<Directive> {
    let count =
        |directive: &Directive| applications.iter().filter(|(_, other)| same(context, directive, other)).count();
    let mut best: Option<&Node<Directive>> = None;
    for (_, candidate) in applications {
        if best.is_none_or(|best| count(candidate) > count(best)) {
            best = Some(candidate);
        }
    }
    let best = best?;
    let using = applications.iter().filter(|(_, other)| same(context, best, other)).map(|(graph, _)| *graph);
    let message = format!(
        "Directive @{} on {place} has different arguments across subgraphs: the supergraph uses those of {}",
        best.name,
        report::subgraphs(context.names(using))
    );
    findings.hint(
        "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        Severity::Warning,
        message,
        labels(context, applications),
    );
    Some((**best).clone())
}

fn max(values: &[&Node<Value>]) -> Option<Value> {
    let best = values.iter().max_by_key(|value| value.to_i32().unwrap_or(i32::MIN))?;
    Some((***best).clone())
}

/// Nulls and absent arguments are skipped; sizes take the maximum, names the union, and the flag the conjunction.
fn list_size(applications: &[(Graph, &Node<Directive>)]) -> Vec<(&'static str, Value)> {
    let values = |argument: &str| -> Vec<&Node<Value>> {
        let given = applications.iter().filter_map(|(_, directive)| directive.specified_argument_by_name(argument));
        given.filter(|value| !value.is_null()).collect()
    };
    let mut arguments = Vec::new();
    arguments.extend(max(&values("assumedSize")).map(|value| ("assumedSize", value)));
    for name in ["slicingArguments", "sizedFields"] {
        let mut union: Vec<Node<Value>> = Vec::new();
        for item in values(name).iter().flat_map(|value| value.as_list().unwrap_or_default()) {
            if !union.contains(item) {
                union.push(item.clone());
            }
        }
        if !union.is_empty() {
            arguments.push((name, Value::List(union)));
        }
    }
    let required = |(_, directive): &(Graph, &Node<Directive>)| {
        directive
            .specified_argument_by_name("requireOneSlicingArgument")
            .and_then(|value| value.to_bool())
            .unwrap_or(true)
    };
    arguments.push(("requireOneSlicingArgument", Value::Boolean(applications.iter().all(required))));
    arguments
}

/// The conjunction of several requirements.
fn all_of(values: &[&Node<Value>]) -> Result<Value, TooMany> {
    let read: Vec<Alternatives> = values.iter().map(|value| Alternatives::read(value)).collect();
    Alternatives::all_of(&read).map(Alternatives::into_value)
}
