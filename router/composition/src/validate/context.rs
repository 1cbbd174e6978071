//! `UNSUPPORTED_FEATURE`: contextual arguments need a planner that passes them on, so they are refused rather than lost.

use federation::subgraph::Composite;
use federation::vocabulary::FROM_CONTEXT;
use graphql::Diagnostic;

use super::Subject;
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    for composite in subject.subgraph.schema.types.values().filter_map(Composite::of) {
        for field in composite.fields.values() {
            for argument in &field.arguments {
                let Some(directive) = argument.directives.get(FROM_CONTEXT) else { continue };
                let message = format!(
                    "@fromContext on argument \"{}.{}({}:)\" is not supported",
                    composite.name, field.name, argument.name
                );
                errors.push(
                    report::within(subject.subgraph, "UNSUPPORTED_FEATURE", directive.location(), message)
                        .help("Take the value by @requires, or as an ordinary argument."),
                );
            }
        }
    }
}
