//! `AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE`: who may see a value is said of objects, not of what they share.

use federation::subgraph::Composite;
use federation::vocabulary::{AUTHENTICATED, POLICY, REQUIRES_SCOPES};
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, SourceSpan};

use super::Subject;
use crate::report;

const AUTH: [&str; 3] = [AUTHENTICATED, REQUIRES_SCOPES, POLICY];

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    let mut error = |directive: &str, location: Option<SourceSpan>, place: String| {
        let name = subject.subgraph.local_name(directive);
        let message = format!(
            "Invalid use of @{name} on {place}: it cannot be applied on interfaces, interface fields and interface objects"
        );
        errors.push(
            report::within(subject.subgraph, "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", location, message)
                .help("Put it on the implementations or their fields."),
        );
    };
    for ty in subject.subgraph.schema.types.values() {
        let Some(composite) = Composite::of(ty) else { continue };
        let interface = matches!(ty, ExtendedType::Interface(_));
        let interface_object = subject.facts.get(composite.name).is_some_and(|facts| facts.interface_object);
        for name in AUTH {
            if let Some(directive) = composite.directives.get(name).filter(|_| interface || interface_object) {
                error(name, directive.location(), format!("type \"{}\"", composite.name));
            }
            for field in composite.fields.values().filter(|_| interface) {
                if let Some(directive) = field.directives.get(name) {
                    error(name, directive.location(), format!("field \"{}.{}\"", composite.name, field.name));
                }
            }
        }
    }
}
