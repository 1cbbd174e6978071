//! From the parser's spans and diagnostics to ours.

use apollo_compiler::collections::HashMap;
use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::parser::{FileId, SourceFile, SourceMap, SourceSpan};
use apollo_compiler::validation::DiagnosticList;

use crate::diagnostic::{Diagnostic, Label, Location};

/// Where many spans start, each in little time however long a line is: of every text that is asked for, what is wider than
/// a byte is looked for once.
pub struct Positions<'s> {
    sources: &'s SourceMap,
    wide: HashMap<FileId, Vec<Wide>>,
}

/// A character of several bytes.
struct Wide {
    offset: usize,
    /// The bytes that this one and those before it take beyond one each.
    beyond: usize,
}

impl<'s> Positions<'s> {
    /// Positions in some sources.
    pub fn new(sources: &'s SourceMap) -> Self {
        Self { sources, wide: HashMap::default() }
    }

    /// Where a span starts; `None` if it isn't of these sources.
    pub fn start(&mut self, span: SourceSpan) -> Option<Location> {
        let source = self.sources.get(&span.file_id())?;
        let wide = self.wide.entry(span.file_id()).or_insert_with(|| wide(source.source_text()));
        let bytes = source.get_line_column(span.offset())?;
        let line = span.offset().checked_sub(bytes.column.checked_sub(1)?)?;
        let beyond = |offset: usize| {
            let before = wide.partition_point(|character| character.offset < offset);
            before.checked_sub(1).and_then(|last| wide.get(last)).map_or(0, |character| character.beyond)
        };
        Some(Location { line: bytes.line, column: bytes.column - (beyond(span.offset()) - beyond(line)) })
    }
}

fn wide(text: &str) -> Vec<Wide> {
    let characters = text.char_indices().filter(|(_, character)| !character.is_ascii());
    let beyond = characters.scan(0, |beyond, (offset, character)| {
        *beyond += character.len_utf8() - 1;
        Some(Wide { offset, beyond: *beyond })
    });
    beyond.collect()
}

/// Where a span starts; `None` if it isn't of these sources.
pub fn location(span: SourceSpan, sources: &SourceMap) -> Option<Location> {
    let source = sources.get(&span.file_id())?;
    position(source, span.offset())
}

/// A label on a span; `None` if it isn't of these sources. The label's source is the name given when parsing.
pub fn label(span: SourceSpan, sources: &SourceMap, text: impl Into<String>) -> Option<Label> {
    let source = sources.get(&span.file_id())?;
    Some(Label {
        source: source.path().to_string_lossy().into_owned(),
        start: position(source, span.offset())?,
        end: position(source, span.end_offset())?,
        text: text.into(),
    })
}

/// What ends a line for those who count lines here.
const LINE_ENDS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// The position of a byte. The parser knows lines but counts columns in bytes, so these are counted here.
fn position(source: &SourceFile, offset: usize) -> Option<Location> {
    let text = source.source_text();
    let before = text.get(..offset)?;
    if offset == text.len() && text.ends_with('\n') {
        return Some(Location { line: source.get_line_column(offset)?.line + 1, column: 1 });
    }
    let column = before.chars().rev().take_while(|c| !LINE_ENDS.contains(c)).count() + 1;
    Some(Location { line: source.get_line_column(offset)?.line, column })
}

/// Findings of one list that are taken over at most: what a broken schema repeats a thousand times helps nobody.
pub const FINDINGS_MAX: usize = 200;

/// The parser's or validator's findings as errors of one code.
pub fn diagnostics(list: &DiagnosticList, code: &'static str) -> Vec<Diagnostic> {
    let told = list.iter().take(FINDINGS_MAX).map(|found| {
        let mut diagnostic = Diagnostic::error(code, found.error.to_string());
        diagnostic.labels.extend(found.error.location().and_then(|span| label(span, found.sources, "")));
        diagnostic
    });
    told.chain(left_out(list.len(), code)).collect()
}

/// Says how many of so many findings are beyond those that are taken over, if any.
pub fn left_out(findings: usize, code: &'static str) -> Option<Diagnostic> {
    let more = findings.checked_sub(FINDINGS_MAX).filter(|more| *more > 0)?;
    let message = format!("{more} more of what GraphQL says are left out.");
    Some(Diagnostic::error(code, message).help("Mend those that are told first."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_in_characters() {
        let document = "type Q { a: Int }\n\"🦀ä\" type T { b: Int }\n";
        let document = apollo_compiler::ast::Document::parse(document, "s").unwrap();
        let span = document.definitions.last().unwrap().name().unwrap().location().unwrap();
        let found = label(span, &document.sources, "").unwrap();
        assert_eq!((found.start, found.end), (Location { line: 2, column: 11 }, Location { line: 2, column: 12 }));
    }

    #[test]
    fn positions_of_many_are_those_of_one() {
        let text =
            "\"🦀ä\" type A { b: Int }\r\ntype B { c: Int } # ö\n\"é\" type C { d: Int } \"ü\" type D { e: Int }";
        let document = apollo_compiler::ast::Document::parse(text, "s").unwrap();
        let spans = document.definitions.iter().map(|definition| definition.name().unwrap().location().unwrap());
        let mut positions = Positions::new(&document.sources);
        let found: Vec<Location> = spans.clone().map(|span| positions.start(span).unwrap()).collect();
        assert_eq!(found, spans.map(|span| location(span, &document.sources).unwrap()).collect::<Vec<_>>());
        let at = |line, column| Location { line, column };
        assert_eq!(found, [at(1, 11), at(2, 6), at(3, 10), at(3, 32)]);
    }

    #[test]
    fn says_how_many_findings_are_left_out() {
        let told = |fields: usize| {
            let fields: String = (0..fields).map(|field| format!("f{field}: Nope ")).collect();
            let schema = apollo_compiler::Schema::parse(format!("type Query {{ {fields} }}"), "s").unwrap();
            diagnostics(&schema.validate().unwrap_err().errors, "INVALID_GRAPHQL")
        };
        assert_eq!(told(200).len(), 200);
        let many = told(217);
        assert_eq!((many.len(), many[200].message.as_str()), (201, "17 more of what GraphQL says are left out."));
    }

    #[test]
    fn the_end_of_a_text_is_on_its_last_line() {
        let failure = apollo_compiler::ast::Document::parse("type Q {\n  a: Int\n", "s").unwrap_err();
        let found = diagnostics(&failure.errors, "INVALID_GRAPHQL");
        let start = found.first().and_then(|found| found.labels.first()).map(|label| label.start);
        assert_eq!(start, Some(Location { line: 3, column: 1 }));
    }
}
