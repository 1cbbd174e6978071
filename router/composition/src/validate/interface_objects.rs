//! `INTERFACE_OBJECT_USAGE_ERROR` within a subgraph: an interface object must be an entity.

use federation::vocabulary::INTERFACE_OBJECT;
use graphql::Diagnostic;

use super::Subject;
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    for (name, _) in subject.facts.iter().filter(|(_, facts)| facts.interface_object && facts.keys.is_empty()) {
        let ty = subject.subgraph.schema.get_object(name);
        if ty.is_some_and(|ty| ty.directives.has(federation::vocabulary::KEY)) {
            continue; // The key has a finding of its own.
        }
        let location = ty.and_then(|ty| ty.directives.get(INTERFACE_OBJECT)).and_then(|directive| directive.location());
        let message = format!(
            "The @interfaceObject directive can only be applied to entity types but type \"{name}\" has no @key"
        );
        errors.push(
            report::within(subject.subgraph, "INTERFACE_OBJECT_USAGE_ERROR", location, message)
                .help("Add the @key that the interface has where it is defined."),
        );
    }
}
