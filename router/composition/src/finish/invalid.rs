//! What GraphQL says against the merged schema. Nobody wrote that schema, so it is told where the subgraphs wrote the
//! elements that it is about, in each of them.

use federation::subgraph::{Composite, Subgraph, Validated};
use graphql::{Diagnostic, DiagnosticList, SourceSpan, ToCliReport as _};

/// Findings taken over at most: what subgraphs disagree on a thousand times helps nobody.
const FINDINGS_MAX: usize = 200;

/// All errors as findings.
pub(super) fn findings(errors: &DiagnosticList, subgraphs: &[Subgraph<Validated>]) -> Vec<Diagnostic> {
    let finding = |text: String, span: Option<SourceSpan>, sources| {
        let mut diagnostic = Diagnostic::error("INVALID_GRAPHQL", format!("The supergraph is not valid: {text}"))
            .help("Each subgraph is valid on its own: make them agree where they meet here.");
        for coordinate in named(&text) {
            for subgraph in subgraphs {
                let location = location(subgraph, coordinate);
                diagnostic.labels.extend(location.map(|at| subgraph.label(Some(at), format!("\"{coordinate}\""))));
            }
        }
        if diagnostic.labels.is_empty() {
            diagnostic.labels.extend(span.and_then(|span| graphql::label(span, sources, "here")));
        }
        diagnostic
    };
    let reported = errors.iter().take(FINDINGS_MAX);
    reported.map(|error| finding(error.error.to_string(), error.error.location(), error.sources)).collect()
}

/// What an error's text names: it stands between backticks. Each once.
fn named(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for name in text.split('`').skip(1).step_by(2) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Where a subgraph has a type, or a field of one.
fn location(subgraph: &Subgraph<Validated>, coordinate: &str) -> Option<SourceSpan> {
    let (ty, field) = coordinate.split_once('.').map_or((coordinate, None), |(ty, field)| (ty, Some(field)));
    let definition = subgraph.schema.types.get(ty).filter(|definition| !definition.is_built_in())?;
    match (field, definition.as_input_object()) {
        (None, _) => definition.name().location(),
        (Some(field), Some(input)) => input.fields.get(field)?.location(),
        (Some(field), None) => Composite::of(definition)?.fields.get(field)?.location(),
    }
}
