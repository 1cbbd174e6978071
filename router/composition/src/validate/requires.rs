//! `@requires`: its field set, and where it may stand.

use federation::subgraph::Composite;
use federation::vocabulary::REQUIRES;
use graphql::Diagnostic;
use graphql::schema::ExtendedType;

use super::Subject;
use super::field_set::{self, Codes, Place};
use crate::report;

const CODES: Codes = Codes {
    invalid: "REQUIRES_INVALID_FIELDS",
    not_a_string: "REQUIRES_INVALID_FIELDS_TYPE",
    directive: "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
    arguments: None,
    abstract_field: None,
    not_external: Some("REQUIRES_FIELDS_MISSING_EXTERNAL"),
};

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    for ty in subject.subgraph.schema.types.values() {
        let Some(composite) = Composite::of(ty) else { continue };
        for field in composite.fields.values() {
            let Some(requires) = field.directives.get(REQUIRES) else { continue };
            let coordinate = format_args!("{}.{}", composite.name, field.name);
            if matches!(ty, ExtendedType::Interface(_)) {
                let message = format!("Cannot use @requires on field \"{coordinate}\" of an interface");
                let code = "REQUIRES_UNSUPPORTED_ON_INTERFACE";
                errors.push(report::within(subject.subgraph, code, requires.location(), message));
            }
            let text = field_set::written(requires);
            let prose = format_args!("On field \"{coordinate}\", for @requires(fields: {text})");
            field_set::check(subject, &CODES, &Place { prose, target: composite.name, directive: requires }, errors);
        }
    }
}
