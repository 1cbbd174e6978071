//! `@key`: its field set, and where it may stand.

use federation::link::Version;
use federation::subgraph::Composite;
use federation::vocabulary::KEY;
use graphql::Diagnostic;
use graphql::schema::ExtendedType;

use super::Subject;
use super::field_set::{self, Codes, Place};
use crate::report;

const CODES: Codes = Codes {
    invalid: "KEY_INVALID_FIELDS",
    not_a_string: "KEY_INVALID_FIELDS_TYPE",
    directive: "KEY_DIRECTIVE_IN_FIELDS_ARG",
    arguments: Some("KEY_FIELDS_HAS_ARGS"),
    abstract_field: Some("KEY_FIELDS_SELECT_INVALID_TYPE"),
    not_external: None,
};

/// Interfaces may have keys from this version on.
const INTERFACE_KEYS: Version = Version::new(2, 3);

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    for ty in subject.subgraph.schema.types.values() {
        let Some(composite) = Composite::of(ty) else { continue };
        for key in composite.directives.get_all(KEY) {
            let key_name = subject.subgraph.local_name(KEY);
            let text = field_set::written(key);
            let prose = format_args!("On type \"{}\", for @{key_name}(fields: {text})", composite.name);
            if matches!(ty, ExtendedType::Interface(_)) && subject.subgraph.federation < INTERFACE_KEYS {
                let message =
                    format!("Cannot use @{key_name} on interface \"{}\": it needs federation 2.3", composite.name);
                errors.push(
                    report::within(subject.subgraph, "KEY_UNSUPPORTED_ON_INTERFACE", key.location(), message)
                        .help("Link federation v2.3 or later, or put the key on the implementations only."),
                );
            }
            let place = Place { prose, target: composite.name, directive: key };
            field_set::check(subject, &CODES, &place, errors);
        }
    }
}
