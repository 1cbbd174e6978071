//! `EXTERNAL_UNUSED`, `EXTERNAL_ON_INTERFACE`: an external field is there for something.

use federation::subgraph::Composite;
use federation::vocabulary::EXTERNAL;
use graphql::Diagnostic;
use graphql::schema::ExtendedType;

use super::Subject;
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    for ty in subject.subgraph.schema.types.values() {
        let Some(composite) = Composite::of(ty) else { continue };
        for field in composite.fields.values() {
            let Some(facts) = subject.facts.get(composite.name).and_then(|ty| ty.fields.get(&field.name)) else {
                continue;
            };
            let coordinate = format_args!("{}.{}", composite.name, field.name);
            if matches!(ty, ExtendedType::Interface(_)) && field.directives.has(EXTERNAL) {
                let message = format!(
                    "Interface type field \"{coordinate}\" is marked @external but @external is not allowed on interface fields"
                );
                errors.push(report::within(subject.subgraph, "EXTERNAL_ON_INTERFACE", field.location(), message));
            }
            if facts.external && !facts.used {
                let message = format!(
                    "Field \"{coordinate}\" is marked @external but is not used in any federation directive (@key, @provides, @requires) or to satisfy an interface"
                );
                errors.push(
                    report::within(subject.subgraph, "EXTERNAL_UNUSED", field.location(), message)
                        .help("Remove the field, or @external if this subgraph resolves it."),
                );
            }
        }
    }
}
