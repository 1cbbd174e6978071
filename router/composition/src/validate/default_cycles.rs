//! `INVALID_GRAPHQL`: no default of an input field may hold itself. A rule of GraphQL that its schema validation here leaves open.

use graphql::{Diagnostic, default_cycles};

use super::Subject;
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    let schema = &subject.subgraph.schema;
    for cycle in default_cycles(schema) {
        let fields: Vec<String> = cycle.iter().map(|(ty, field)| format!("\"{ty}.{field}\"")).collect();
        let Some((ty, field)) = cycle.first() else { continue };
        let input = schema.types.get(ty).and_then(|ty| ty.as_input_object());
        let location = input.and_then(|input| input.fields.get(field)).and_then(|field| field.location());
        let message = format!("The defaults of {} hold themselves without end", fields.join(", "));
        errors.push(
            report::within(subject.subgraph, "INVALID_GRAPHQL", location, message)
                .help("Let one of the defaults be null, or give in it the fields that lead back."),
        );
    }
}
