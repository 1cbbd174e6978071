//! How several applications of a non-repeatable directive become one.

use federation::vocabulary::{COST, LIST_SIZE, POLICY, REQUIRES_SCOPES};
use graphql::ast::{Argument, Directive, Value};
use graphql::{Label, Name, Node, Severity};

use super::context::{Context, Findings, Graph};
use crate::report;

/// The alternatives that one requirement may grow to: two lists of 32 give 1,024.
const ALTERNATIVES_MAX: usize = 1_024;

/// Merges applications of one directive from several subgraphs.
pub(crate) fn merge(
    context: &Context<'_>,
    place: &str,
    applications: &[(Graph, &Node<Directive>)],
    findings: &mut Findings,
) -> Option<Directive> {
    let (_, first) = applications.first()?;
    if applications.iter().all(|(_, other)| same(first, other)) {
        return Some((***first).clone());
    }
    let values = |argument: &str| -> Vec<&Node<Value>> {
        applications.iter().filter_map(|(_, directive)| directive.specified_argument_by_name(argument)).collect()
    };
    let arguments: Vec<(&'static str, Value)> = match first.name.as_str() {
        COST => vec![("weight", max(&values("weight"))?)],
        LIST_SIZE => list_size(applications),
        REQUIRES_SCOPES => vec![("scopes", all_of(&values("scopes")))],
        POLICY => vec![("policies", all_of(&values("policies")))],
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

/// Equal up to the order of arguments.
pub(crate) fn same(a: &Directive, b: &Directive) -> bool {
    a.name == b.name
        && a.arguments.len() == b.arguments.len()
        && a.arguments.iter().all(|argument| b.specified_argument_by_name(&argument.name) == Some(&argument.value))
}

fn most_frequent(
    context: &Context<'_>,
    place: &str,
    applications: &[(Graph, &Node<Directive>)],
    findings: &mut Findings,
) -> Option<Directive> {
    let count = |directive: &Directive| applications.iter().filter(|(_, other)| same(directive, other)).count();
    let mut best: Option<&Node<Directive>> = None;
    for (_, candidate) in applications {
        if best.is_none_or(|best| count(candidate) > count(best)) {
            best = Some(candidate);
        }
    }
    let best = best?;
    let using = applications.iter().filter(|(_, other)| same(best, other)).map(|(graph, _)| *graph);
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

/// The conjunction of requirements that are each a disjunction of conjunctions: every pair of alternatives together,
/// without those that another alternative already covers.
fn all_of(values: &[&Node<Value>]) -> Value {
    let alternatives = |value: &Value| -> Vec<Vec<String>> {
        let texts = |list: &Node<Value>| -> Vec<String> {
            let items = list.as_list().unwrap_or_default().iter();
            items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
        };
        value.as_list().unwrap_or_default().iter().map(texts).collect()
    };
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for value in values {
        let next = alternatives(value);
        if next.is_empty() {
            continue; // No alternative at all: always true.
        }
        let pairs = all.iter().flat_map(|have| next.iter().map(move |also| have.iter().chain(also).cloned().collect()));
        all = minimal(pairs.take(ALTERNATIVES_MAX).collect());
    }
    if all.iter().all(Vec::is_empty) {
        return Value::List(Vec::new());
    }
    let list =
        |texts: Vec<String>| Node::new(Value::List(texts.into_iter().map(|t| Node::new(Value::String(t))).collect()));
    Value::List(all.into_iter().map(list).collect())
}

fn minimal(mut alternatives: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for alternative in &mut alternatives {
        alternative.sort();
        alternative.dedup();
    }
    alternatives.sort();
    alternatives.dedup();
    let covered = |one: &Vec<String>| {
        alternatives.iter().any(|other| other != one && other.iter().all(|text| one.contains(text)))
    };
    alternatives.iter().filter(|one| !covered(one)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::minimal;

    #[test]
    fn drops_alternatives_that_ask_for_more_than_another() {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let left = minimal(vec![texts(&["b", "a", "a"]), texts(&["a"]), texts(&["c", "b"])]);
        assert_eq!(left, vec![texts(&["a"]), texts(&["b", "c"])]);
    }
}
