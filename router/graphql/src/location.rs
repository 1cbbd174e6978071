//! From the parser's spans and diagnostics to ours.

use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::validation::DiagnosticList;

use crate::diagnostic::{Diagnostic, Label, Location};

/// Where a span starts; `None` if it isn't of these sources.
pub fn location(span: SourceSpan, sources: &SourceMap) -> Option<Location> {
    let start = span.line_column(sources)?;
    Some(Location { line: start.line, column: start.column })
}

/// A label on a span; `None` if it isn't of these sources. The label's source is the name given when parsing.
pub fn label(span: SourceSpan, sources: &SourceMap, text: impl Into<String>) -> Option<Label> {
    let source = sources.get(&span.file_id())?.path().to_string_lossy().into_owned();
    let range = span.line_column_range(sources)?;
    Some(Label {
        source,
        start: Location { line: range.start.line, column: range.start.column },
        end: Location { line: range.end.line, column: range.end.column },
        text: text.into(),
    })
}

/// Findings taken over at most: what a broken schema repeats a thousand times helps nobody.
const DIAGNOSTICS_MAX: usize = 200;

/// The parser's or validator's findings as errors of one code.
pub fn diagnostics(list: &DiagnosticList, code: &'static str) -> Vec<Diagnostic> {
    list.iter()
        .take(DIAGNOSTICS_MAX)
        .map(|found| {
            let mut diagnostic = Diagnostic::error(code, found.error.to_string());
            diagnostic.labels.extend(found.error.location().and_then(|span| label(span, found.sources, "")));
            diagnostic
        })
        .collect()
}
