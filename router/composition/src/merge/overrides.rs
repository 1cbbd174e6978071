//! `@override`: which copies of a field are taken over, and the rules for doing so.

use std::fmt::Arguments;

use federation::subgraph::Override;
use graphql::Severity;

use super::context::{Context, Findings};
use super::fields::{FieldSource, Holder, Overridden};

/// Marks overridden copies and reports wrong overrides.
pub(crate) fn settle(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    sources: &mut [FieldSource<'_>],
    findings: &mut Findings,
) {
    for index in 0..sources.len() {
        let Some((source, overrides)) =
            sources.get(index).and_then(|source| Some((source.clone(), source.facts.overrides.clone()?)))
        else {
            continue;
        };
        if problem_here(context, coordinate, &source, &overrides, findings) == Verdict::Refused {
            continue;
        }
        if !context.subgraphs.iter().any(|subgraph| subgraph.name == overrides.from) {
            let message = format!(
                "Source subgraph \"{}\" for field \"{coordinate}\" on subgraph \"{}\" does not exist.",
                overrides.from,
                context.name(source.graph)
            );
            let labels = context.label(source.graph, overrides.location, "no such subgraph");
            findings.hint("FROM_SUBGRAPH_DOES_NOT_EXIST", Severity::Warning, message, labels);
            continue;
        }
        let from = sources.iter_mut().find(|other| context.name(other.graph) == overrides.from);
        match from {
            Some(from) if !from.facts.external || source.facts.external => {
                take_over(context, coordinate, &source, &overrides, from, findings);
            }
            None if abstracted(context, coordinate, &overrides.from) => {
                let message = format!(
                    "Invalid @override on field \"{coordinate}\" of subgraph \"{}\": source subgraph \"{}\" has it by way of an interface object, and overriding such fields is not supported",
                    context.name(source.graph),
                    overrides.from
                );
                let labels = context.label(source.graph, overrides.location, "overrides here");
                findings.error("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message, labels, "Remove @override.");
            }
            _ => {
                let message = format!(
                    "Field \"{coordinate}\" on subgraph \"{}\" is not resolved anymore by the from subgraph (it is marked @external or not defined in \"{}\"). The @override directive can be removed.",
                    context.name(source.graph),
                    overrides.from
                );
                let labels = context.label(source.graph, overrides.location, "not needed any more");
                findings.hint("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", Severity::Information, message, labels);
            }
        }
    }
}

/// Whether a subgraph has an object's field only as one of an interface object.
fn abstracted(context: &Context<'_>, coordinate: Arguments<'_>, from: &str) -> bool {
    let coordinate = coordinate.to_string();
    let Some((object, field)) = coordinate.split_once('.') else { return false };
    let Some(subgraph) = context.subgraphs.iter().find(|subgraph| subgraph.name == from) else { return false };
    subgraph.stage.types.iter().any(|(interface, facts)| {
        facts.interface_object
            && facts.fields.contains_key(field)
            && context.subtypes.subtypes(interface).any(|name| name == object)
    })
}

#[derive(PartialEq, Eq)]
enum Verdict {
    Accepted,
    Refused,
}

fn problem_here(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    source: &FieldSource<'_>,
    overrides: &Override,
    findings: &mut Findings,
) -> Verdict {
    let name = context.name(source.graph);
    let labels = || context.label(source.graph, overrides.location, "overrides here");
    if let Some(label) = overrides.label.as_ref().filter(|label| !label_valid(label)) {
        let message = format!(
            "Invalid @override label \"{label}\" on field \"{coordinate}\" on subgraph \"{name}\": labels must start with a letter and after that contain alphanumerics, underscores, minuses, colons, periods, or slashes; or be \"percent(x)\" with x between 0 and 100 inclusive"
        );
        findings.error("OVERRIDE_LABEL_INVALID", message, labels(), "Write for example label: \"percent(5)\".");
    }
    let mut verdict = Verdict::Accepted;
    let mut error = |code, message: String, help: &str| {
        verdict = Verdict::Refused;
        findings.error(code, message, labels(), help);
    };
    if source.holder == Holder::Interface {
        let message = format!(
            "@override cannot be used on field \"{coordinate}\" on subgraph \"{name}\": @override is not supported on interface type fields"
        );
        error("OVERRIDE_ON_INTERFACE", message, "Override the fields of the implementations.");
    } else if overrides.from == name {
        let message =
            format!("Source and destination subgraphs \"{name}\" are the same for overridden field \"{coordinate}\"");
        error("OVERRIDE_FROM_SELF_ERROR", message, "Name the subgraph that resolves the field today.");
    } else if source.holder == Holder::InterfaceObject {
        let message = format!(
            "@override is not yet supported on fields of @interfaceObject types: cannot be used on field \"{coordinate}\" on subgraph \"{name}\""
        );
        error("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message, "Remove @override.");
    }
    verdict
}

fn take_over(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    source: &FieldSource<'_>,
    overrides: &Override,
    from: &mut FieldSource<'_>,
    findings: &mut Findings,
) {
    let (name, from_name) = (context.name(source.graph), overrides.from.as_str());
    let mut labels = context.label(source.graph, overrides.location, "overrides here");
    labels.extend(context.label(from.graph, from.field.location(), "overridden"));
    if from.facts.overrides.is_some() {
        let message = format!(
            "Field \"{coordinate}\" on subgraph \"{name}\" is also marked with directive @override in subgraph \"{from_name}\". Only one @override directive is allowed per field."
        );
        findings.error(
            "OVERRIDE_SOURCE_HAS_OVERRIDE",
            message,
            labels,
            "Keep the @override of the subgraph that shall resolve the field.",
        );
        return;
    }
    if source.facts.external {
        let message = format!(
            "@override cannot be used on field \"{coordinate}\" on subgraph \"{name}\" since \"{coordinate}\" on \"{name}\" is marked with directive \"@external\""
        );
        findings.error(
            "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
            message,
            labels,
            "Remove one of the two directives.",
        );
        return;
    }
    let collision = match from {
        FieldSource { holder: Holder::InterfaceObject, .. } => Some("@interfaceObject"),
        FieldSource { facts, .. } if facts.requires.is_some() => Some("@requires"),
        FieldSource { facts, .. } if facts.provides.is_some() => Some("@provides"),
        _ => None,
    };
    if let Some(directive) = collision {
        let message = format!(
            "@override cannot be used on field \"{coordinate}\" on subgraph \"{name}\" since \"{coordinate}\" on \"{from_name}\" is marked with directive \"{directive}\""
        );
        findings.error(
            "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
            message,
            labels,
            "Remove that directive where the field is overridden.",
        );
        return;
    }
    if let Some(label) = &overrides.label {
        from.overridden = Overridden::Under(label.clone());
        let message = format!(
            "Field \"{coordinate}\" is currently being migrated with progressive @override. Once the migration is complete, remove the field from subgraph \"{from_name}\"."
        );
        findings.hint("OVERRIDE_MIGRATION_IN_PROGRESS", Severity::Information, message, labels);
    } else {
        from.overridden = Overridden::Always;
        let message = if from.facts.used {
            format!(
                "Field \"{coordinate}\" on subgraph \"{from_name}\" is overridden. It is still used in some federation directive(s) (@key, @requires, and/or @provides) and/or to satisfy interface constraint(s), but consider marking it @external explicitly or removing it along with its references."
            )
        } else {
            format!("Field \"{coordinate}\" on subgraph \"{from_name}\" is overridden. Consider removing it.")
        };
        findings.hint("OVERRIDDEN_FIELD_CAN_BE_REMOVED", Severity::Information, message, labels);
    }
}

/// A letter and then alphanumerics or `_-:./`, or `percent(N)` with N from 0 to 100 and at most 8 decimals.
fn label_valid(label: &str) -> bool {
    if let Some(number) = label.strip_prefix("percent(").and_then(|rest| rest.strip_suffix(')')) {
        let (whole, decimals) = match number.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (number, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        return number == "100"
            || digits(whole)
                && whole.len() <= 2
                && decimals.is_none_or(|decimals| digits(decimals) && decimals.len() <= 8);
    }
    label.starts_with(|c: char| c.is_ascii_alphabetic())
        && label.chars().all(|c| c.is_ascii_alphanumeric() || "_-:./".contains(c))
}

#[cfg(test)]
mod tests {
    use super::label_valid;

    #[test]
    fn accepts_names_and_percentages_as_labels() {
        for label in ["a", "team/a.b:c-1", "percent(0)", "percent(99.12345678)", "percent(100)"] {
            assert!(label_valid(label), "{label}");
        }
        for label in ["", "1a", "a b", "percent(101)", "percent(100.0)", "percent(1.123456789)", "percent()"] {
            assert!(!label_valid(label), "{label}");
        }
    }
}
