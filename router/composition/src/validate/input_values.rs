//! `INVALID_GRAPHQL`: a default value must be one of its type, and what must be given can't be deprecated. Both are
//! rules of GraphQL that its schema validation here leaves open.

use graphql::Diagnostic;

use super::Subject;
use crate::{constants, report, walk};

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    let schema = &subject.subgraph.schema;
    walk::input_values(schema, &mut |place, input| {
        let place = format_args!("{} \"{}\"", place.kind, place.coordinate);
        if input.is_required() && input.directives.has("deprecated") {
            let message = format!("Required {place} cannot be deprecated");
            errors.push(
                report::within(subject.subgraph, "INVALID_GRAPHQL", input.location(), message)
                    .help("Make it nullable or give it a default value first."),
            );
        }
        let Some(default) = &input.default_value else { return };
        if constants::misfit(schema, &input.ty, default).is_some() {
            let value = default.serialize().no_indent().to_string();
            let message = format!("Invalid default value {value} for {place} of type \"{}\"", input.ty);
            errors.push(
                report::within(subject.subgraph, "INVALID_GRAPHQL", default.location(), message)
                    .help("Write a value of that type."),
            );
        }
    });
}
