//! `@provides`: its field set, and where it may stand.

use federation::subgraph::Composite;
use federation::vocabulary::PROVIDES;
use graphql::Diagnostic;
use graphql::schema::ExtendedType;

use super::Subject;
use super::field_set::{self, Codes, Place};
use crate::report;

const CODES: Codes = Codes {
    invalid: "PROVIDES_INVALID_FIELDS",
    not_a_string: "PROVIDES_INVALID_FIELDS_TYPE",
    directive: "PROVIDES_DIRECTIVE_IN_FIELDS_ARG",
    arguments: Some("PROVIDES_FIELDS_HAS_ARGS"),
    abstract_field: None,
    not_external: Some("PROVIDES_FIELDS_MISSING_EXTERNAL"),
};

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    let schema = &subject.subgraph.schema;
    for ty in schema.types.values() {
        let Some(composite) = Composite::of(ty) else { continue };
        for field in composite.fields.values() {
            let Some(provides) = field.directives.get(PROVIDES) else { continue };
            let coordinate = format_args!("{}.{}", composite.name, field.name);
            let mut error = |code, message: String| {
                errors.push(report::within(subject.subgraph, code, provides.location(), message));
            };
            let facts = subject.facts.get(composite.name).and_then(|ty| ty.fields.get(&field.name));
            if facts.is_some_and(|facts| facts.external) {
                let message = format!("Cannot have both @provides and @external on field \"{coordinate}\"");
                error("EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", message);
                continue;
            }
            let inner = field.ty.inner_named_type();
            let Some(inner_type) = schema.types.get(inner) else { continue }; // GraphQL tells of it.
            if !(inner_type.is_object() || inner_type.is_interface() || inner_type.is_union()) {
                let message =
                    format!("Invalid @provides on field \"{coordinate}\": its type \"{}\" has no fields", field.ty);
                error("PROVIDES_ON_NON_OBJECT_FIELD", message);
                continue;
            }
            if matches!(ty, ExtendedType::Interface(_)) {
                let message = format!("Cannot use @provides on field \"{coordinate}\" of an interface");
                error("PROVIDES_UNSUPPORTED_ON_INTERFACE", message);
            }
            let text = field_set::written(provides);
            let prose = format_args!("On field \"{coordinate}\", for @provides(fields: {text})");
            field_set::check(subject, &CODES, &Place { prose, target: inner, directive: provides }, errors);
        }
    }
}
