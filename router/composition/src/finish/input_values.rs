//! GraphQL's rules for arguments and input fields that its schema validation here leaves open: what must be given can't
//! be deprecated, since nobody could leave it out; and a default value must be one of its type. In a subgraph validation
//! finds both; merging may bring together what is deprecated here and required there, and leave out of an input or an
//! enum, or ask for, what a default says or doesn't.

use graphql::Schema;

use crate::{constants, walk};

/// What is wrong with the input values of a schema, in words.
pub(super) fn faults(schema: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    walk::input_values(schema, &mut |place, value| {
        let place = format_args!("{} `{}`", place.kind, place.coordinate);
        if value.is_required() && value.directives.has("deprecated") {
            found.push(format!("required {place} cannot be deprecated"));
        }
        let Some(default) = &value.default_value else { return };
        if let Some(why) = constants::misfit(schema, &value.ty, default) {
            found.push(format!("the default value {} of {place} does not fit: {why}", default.serialize().no_indent()));
        }
    });
    found
}
