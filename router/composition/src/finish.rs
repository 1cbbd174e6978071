//! Rules that only the merged schema can answer, and GraphQL's own validation of it.

mod auth;
mod implementations;
pub(crate) mod inaccessible;
mod input_values;
mod invalid;
mod requires_arguments;

use federation::subgraph::{Subgraph, Validated};
use graphql::Diagnostic;

use crate::merge::Merged;

/// Checks the merged schema; what doesn't stop composition is returned.
///
/// # Errors
/// All findings of the first of its steps that has any: rules between types, GraphQL validity, the API schema.
pub(crate) fn finish(merged: Merged, subgraphs: &[Subgraph<Validated>]) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let Merged { mut schema, names, hints } = merged;
    let mut errors = implementations::check(&schema, subgraphs);
    errors.extend(requires_arguments::check(&schema, subgraphs));
    errors.extend(auth::check(&schema, &names, subgraphs));
    if !errors.is_empty() {
        return Err(errors);
    }
    let sources = std::sync::Arc::make_mut(&mut schema.sources);
    for subgraph in subgraphs {
        sources.extend(subgraph.schema.sources.iter().map(|(id, file)| (*id, file.clone())));
    }
    let schema = schema.validate().map_err(|failure| invalid::findings(&failure.errors, subgraphs))?;
    let faults = input_values::faults(&schema);
    let errors: Vec<_> = faults.iter().map(|text| invalid::finding(text, None, subgraphs)).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let errors = inaccessible::check(&schema, subgraphs);
    if !errors.is_empty() {
        return Err(errors);
    }
    if federation::may_hide(&schema) {
        federation::api_schema_of(&schema)?;
    }
    Ok(hints)
}
