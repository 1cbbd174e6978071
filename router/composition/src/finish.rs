//! Rules that only the merged schema can answer, and GraphQL's own validation of it.

mod auth;
mod implementations;
pub(crate) mod inaccessible;
mod requires_arguments;

use federation::subgraph::{Subgraph, Validated};
use graphql::{Diagnostic, Label, Location, Schema, Valid};

use crate::merge::Merged;

/// A supergraph schema that holds as a whole.
pub(crate) struct Finished {
    /// The schema.
    pub(crate) schema: Valid<Schema>,
    /// Findings that don't stop composition.
    pub(crate) hints: Vec<Diagnostic>,
}

/// Checks the merged schema.
///
/// # Errors
/// All findings of the first of its steps that has any: rules between types, GraphQL validity, the API schema.
pub(crate) fn finish(merged: Merged, subgraphs: &[Subgraph<Validated>]) -> Result<Finished, Vec<Diagnostic>> {
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
    let schema = schema.validate().map_err(|failure| {
        let sources = &failure.partial.sources;
        failure.errors.iter().map(|error| invalid(&error.error, sources)).collect::<Vec<_>>()
    })?;
    let errors = inaccessible::check(&schema, subgraphs);
    if errors.is_empty() { Ok(Finished { schema, hints }) } else { Err(errors) }
}

fn invalid(error: &impl graphql::ToCliReport, sources: &graphql::SourceMap) -> Diagnostic {
    let diagnostic = Diagnostic::error("INVALID_GRAPHQL", format!("The supergraph is not valid: {error}"))
        .help("Each subgraph is valid on its own: make them agree where they meet here.");
    let Some(span) = error.location() else { return diagnostic };
    let (Some(file), Some(range)) = (sources.get(&span.file_id()), span.line_column_range(sources)) else {
        return diagnostic;
    };
    diagnostic.label(Label {
        source: file.path().display().to_string(),
        start: Location { line: range.start.line, column: range.start.column },
        end: Location { line: range.end.line, column: range.end.column },
        text: "here".to_owned(),
    })
}
