//! `INVALID_SHAREABLE_USAGE`: `@shareable` says something of resolvers, once.

use federation::link::Version;
use federation::subgraph::Composite;
use federation::vocabulary::SHAREABLE;
use graphql::Diagnostic;
use graphql::schema::ExtendedType;

use super::Subject;
use crate::report;

const CODE: &str = "INVALID_SHAREABLE_USAGE";
/// The directive may be repeated, on several declarations of a type, from this version on.
const REPEATABLE: Version = Version::new(2, 2);

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    let mut error = |location, message: String| {
        errors.push(report::within(subject.subgraph, CODE, location, message));
    };
    // Before, GraphQL's own validation finds what is repeated.
    let repeatable = subject.subgraph.federation >= REPEATABLE;
    for ty in subject.subgraph.schema.types.values() {
        let Some(composite) = Composite::of(ty) else { continue };
        let on_type: Vec<_> = composite.directives.iter().filter(|d| d.name == SHAREABLE).collect();
        for (index, directive) in on_type.iter().enumerate() {
            if repeatable && on_type.iter().take(index).any(|earlier| earlier.origin == directive.origin) {
                let message =
                    format!("Invalid duplicate application of @shareable on one declaration of \"{}\"", composite.name);
                error(directive.location(), message);
            }
        }
        for field in composite.fields.values() {
            let mut applications = field.directives.get_all(SHAREABLE);
            let Some(first) = applications.next() else { continue };
            let coordinate = format_args!("{}.{}", composite.name, field.name);
            if matches!(ty, ExtendedType::Interface(_)) {
                let message = format!(
                    "Invalid use of @shareable on field \"{coordinate}\": only object type fields can be marked with @shareable"
                );
                error(first.location(), message);
            } else if let Some(second) = applications.next().filter(|_| repeatable) {
                error(
                    second.location(),
                    format!("Invalid duplicate application of @shareable on field \"{coordinate}\""),
                );
            }
        }
    }
}
