//! `INVALID_GRAPHQL`: no field of a `@oneOf` input may be one that must be given, or that is there without being given.

use graphql::schema::ExtendedType;

use super::Subject;
use crate::constants::ONE_OF;
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<graphql::Diagnostic>) {
    let inputs = subject.subgraph.schema.types.values().filter_map(ExtendedType::as_input_object);
    for input in inputs.filter(|input| input.directives.has(ONE_OF)) {
        for field in input.fields.values().filter(|field| field.ty.is_non_null() || field.default_value.is_some()) {
            let (ty, name) = (&input.name, &field.name);
            let message = format!("Field \"{ty}.{name}\" of a @oneOf input must be nullable and have no default value");
            errors.push(
                report::within(subject.subgraph, "INVALID_GRAPHQL", field.location(), message)
                    .help("Remove `!` and the default value: a client gives exactly one of the fields."),
            );
        }
    }
}
