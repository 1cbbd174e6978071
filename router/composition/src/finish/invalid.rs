//! What GraphQL says against the merged schema. Nobody wrote that schema, so it is told where the subgraphs wrote the
//! elements that it is about, in each of them.

use federation::subgraph::{Composite, Subgraph, Validated};
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, DiagnosticList, Label, SourceSpan, ToCliReport as _};

/// All errors as findings.
pub(super) fn findings(errors: &DiagnosticList, subgraphs: &[Subgraph<Validated>]) -> Vec<Diagnostic> {
    let reported = errors.iter().take(graphql::FINDINGS_MAX).map(|error| {
        let place = error.error.location().and_then(|span| graphql::label(span, error.sources, "here"));
        finding(&error.error.to_string(), place, subgraphs)
    });
    reported.chain(graphql::left_out(errors.len(), "INVALID_GRAPHQL")).collect()
}

/// One error: what it is about is labelled wherever a subgraph has it, and else at the place given.
pub(super) fn finding(text: &str, place: Option<Label>, subgraphs: &[Subgraph<Validated>]) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("INVALID_GRAPHQL", format!("The supergraph is not valid: {text}"))
        .help("Each subgraph is valid on its own: make them agree where they meet here.");
    for coordinate in named(text) {
        for subgraph in subgraphs {
            let location = location(subgraph, coordinate);
            diagnostic.labels.extend(location.map(|at| subgraph.label(Some(at), format!("\"{coordinate}\""))));
        }
    }
    if diagnostic.labels.is_empty() {
        diagnostic.labels.extend(place);
    }
    diagnostic
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

/// Where a subgraph has a type, or a field or value of one; for an argument its field.
fn location(subgraph: &Subgraph<Validated>, coordinate: &str) -> Option<SourceSpan> {
    let coordinate = coordinate.split_once('(').map_or(coordinate, |(field, _)| field);
    let (ty, field) = coordinate.split_once('.').map_or((coordinate, None), |(ty, field)| (ty, Some(field)));
    let definition = subgraph.schema.types.get(ty).filter(|definition| !definition.is_built_in())?;
    match (field, definition) {
        (None, _) => definition.name().location(),
        (Some(field), ExtendedType::InputObject(input)) => input.fields.get(field)?.location(),
        (Some(value), ExtendedType::Enum(ty)) => ty.values.get(value)?.location(),
        (Some(field), _) => Composite::of(definition)?.fields.get(field)?.location(),
    }
}
