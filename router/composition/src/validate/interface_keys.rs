//! `INTERFACE_KEY_NOT_ON_IMPLEMENTATION`: each key of an interface is a key of every implementation here.

use std::collections::BTreeMap;

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
            let selected = Selected::of(&key.selections);
            for implementation in subject.subgraph.schema.types.values() {
                let ExtendedType::Object(object) = implementation else { continue };
                if !object.implements_interfaces.iter().any(|name| name.name == interface.name) {
                    continue;
                }
                let keys = subject.facts.get(&object.name).map(|facts| facts.keys.as_slice()).unwrap_or_default();
                let same = keys.iter().find(|own| Selected::of(&own.selections) == selected);
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

/// What a set selects: equal for sets that differ only in order and in what they say again. As deep as sets may nest.
#[derive(Default, PartialEq)]
struct Selected(BTreeMap<String, Selected>);

impl Selected {
    fn of(selections: &[Selection]) -> Self {
        let mut selected = Self::default();
        selected.add(selections);
        selected
    }

    fn add(&mut self, selections: &[Selection]) {
        for selection in selections {
            let (name, below) = match selection {
                Selection::Field(field) => (field.name.to_string(), field.selection_set.as_slice()),
                Selection::InlineFragment(fragment) => {
                    let on = fragment.type_condition.as_ref().map(|name| name.as_str()).unwrap_or_default();
                    (format!("...{on}"), fragment.selection_set.as_slice())
                }
                Selection::FragmentSpread(spread) => (format!("...{}", spread.fragment_name), [].as_slice()),
            };
            self.0.entry(name).or_default().add(below);
        }
    }
}
