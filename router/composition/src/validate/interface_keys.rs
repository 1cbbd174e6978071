//! `INTERFACE_KEY_NOT_ON_IMPLEMENTATION`: each key of an interface is a key of every implementation here.

use federation::subgraph::{Key, print_field_set};
use graphql::Diagnostic;
use graphql::ast::Selection;
use graphql::schema::ExtendedType;

use super::Subject;
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    for ty in subject.subgraph.schema.types.values() {
        let ExtendedType::Interface(interface) = ty else { continue };
        let Some(facts) = subject.facts.get(&interface.name) else { continue };
        for key in &facts.keys {
            for implementation in subject.subgraph.schema.types.values() {
                let ExtendedType::Object(object) = implementation else { continue };
                if !object.implements_interfaces.iter().any(|name| name.name == interface.name) {
                    continue;
                }
                let keys = subject.facts.get(&object.name).map(|facts| facts.keys.as_slice()).unwrap_or_default();
                let same = keys.iter().find(|own| canonical(&own.selections) == canonical(&key.selections));
                let problem = match same {
                    None => "lacks it",
                    Some(own) if key.resolvable && !own.resolvable => "has it with resolvable: false",
                    Some(_) => continue,
                };
                errors.push(
                    finding(subject, &interface.name, key, &object.name, problem).label(
                        subject.subgraph.label(object.name.location(), format!("\"{}\" {problem}", object.name)),
                    ),
                );
            }
        }
    }
}

fn finding(subject: &Subject<'_>, interface: &str, key: &Key, object: &str, problem: &str) -> Diagnostic {
    let set = print_field_set(&key.selections);
    let message = format!(
        "Key @key(fields: \"{set}\") on interface \"{interface}\" must also be on each implementation, but \"{object}\" {problem}"
    );
    report::within(subject.subgraph, "INTERFACE_KEY_NOT_ON_IMPLEMENTATION", key.location, message)
        .help(format!("Add @key(fields: \"{set}\") to \"{object}\"."))
}

/// Equal for sets that differ in order only.
fn canonical(selections: &[Selection]) -> Vec<String> {
    let mut parts: Vec<String> = selections
        .iter()
        .map(|selection| match selection {
            Selection::Field(field) => format!("{}{{{}}}", field.name, canonical(&field.selection_set).join(" ")),
            Selection::InlineFragment(fragment) => {
                let on = fragment.type_condition.as_ref().map(|name| name.as_str()).unwrap_or_default();
                format!("...{on}{{{}}}", canonical(&fragment.selection_set).join(" "))
            }
            Selection::FragmentSpread(spread) => spread.fragment_name.to_string(),
        })
        .collect();
    parts.sort();
    parts
}
