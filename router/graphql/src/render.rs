//! Diagnostics for a terminal: code and message, place, the source's line with the span marked, help.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Label};

/// Lines longer than this are cut: generated SDL may hold everything in one line.
const LINE_CHARS_MAX: usize = 160;

/// Stands where a line is cut.
const CUT: char = '…';

/// Writes a diagnostic as plain text, ending in a newline. `source` gives a named source's text, if it is at hand.
pub fn render<'a>(diagnostic: &Diagnostic, source: impl Fn(&str) -> Option<&'a str>) -> String {
    let Diagnostic { code, severity, message, labels, help } = diagnostic;
    let mut text = format!("{severity}[{code}]: {message}\n");
    for label in labels {
        let place = format!("{}:{}:{}", label.source, label.start.line, label.start.column);
        let _ = writeln!(text, "  --> {}", place.trim_start_matches(':'));
        if let Some(line) =
            source(&label.source).and_then(|source| source.lines().nth(label.start.line.saturating_sub(1)))
        {
            snippet(&mut text, label, line);
        }
    }
    if let Some(help) = help {
        let _ = writeln!(text, "  = help: {help}");
    }
    text
}

fn snippet(text: &mut String, label: &Label, line: &str) {
    let number = label.start.line.to_string();
    let margin = " ".repeat(number.len());
    let column = label.start.column.saturating_sub(1);
    // Columns far to the right: show from a little before the span.
    let skipped = column.saturating_sub(LINE_CHARS_MAX / 2);
    let mut rest = line.trim_end().chars().skip(skipped).map(|c| if c == '\t' { ' ' } else { c });
    let mut shown: Vec<char> = rest.by_ref().take(LINE_CHARS_MAX).collect();
    if let Some(first) = shown.first_mut().filter(|_| skipped > 0) {
        *first = CUT;
    }
    if let Some(last) = shown.last_mut().filter(|_| rest.next().is_some()) {
        *last = CUT;
    }
    let shown: String = shown.into_iter().collect();
    let width = shown.chars().count();
    let offset = column - skipped;
    let end = if label.end.line == label.start.line { label.end.column.saturating_sub(1) } else { usize::MAX };
    let marks = end.saturating_sub(column).min(width.saturating_sub(offset)).max(1);
    let _ = writeln!(text, " {margin} |");
    let _ = writeln!(text, " {number} | {shown}");
    let marked = format!(" {margin} | {}{} {}", " ".repeat(offset), "^".repeat(marks), label.text);
    let _ = writeln!(text, "{}", marked.trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Location;

    #[test]
    fn shows_place_line_and_help() {
        let diagnostic = Diagnostic::error("SOME_CODE", "It is wrong.")
            .label(Label {
                source: "products".into(),
                start: Location { line: 2, column: 3 },
                end: Location { line: 2, column: 7 },
                text: "here".into(),
            })
            .help("Make it right.");
        let sdl = "type Query {\n  name: String\n}\n";
        assert_eq!(
            render(&diagnostic, |_| Some(sdl)),
            "error[SOME_CODE]: It is wrong.\n  --> products:2:3\n   |\n 2 |   name: String\n   |   ^^^^ here\n  = help: Make it right.\n"
        );
    }

    #[test]
    fn says_where_a_long_line_is_cut() {
        let at = |column: usize| {
            let diagnostic = Diagnostic::error("C", "m").label(Label {
                source: String::new(),
                start: Location { line: 1, column },
                end: Location { line: 1, column: column + 4 },
                text: String::new(),
            });
            let line = format!("{}name{}", "-".repeat(column - 1), "+".repeat(500));
            let text = render(&diagnostic, |_| Some(&line));
            let mut lines = text.lines().skip(3).map(|line| line.chars().skip(5).collect::<String>());
            (lines.next().unwrap(), lines.next().unwrap())
        };
        for column in [10, 400] {
            let (shown, marks) = at(column);
            assert_eq!((shown.chars().count(), shown.starts_with('…'), shown.ends_with('…')), (160, column > 80, true));
            assert_eq!(
                shown.find("name").map(|at| shown[..at].chars().count()),
                marks.find("^^^^"),
                "{shown}\n{marks}"
            );
        }
        let short = Diagnostic::error("C", "m");
        assert!(!render(&short, |_| Some("short")).contains('…'));
    }

    #[test]
    fn survives_labels_outside_of_the_source() {
        let diagnostic = Diagnostic::error("C", "m").label(Label {
            source: String::new(),
            start: Location { line: 1, column: 900 },
            end: Location { line: 1, column: 3 },
            text: String::new(),
        });
        assert!(render(&diagnostic, |_| Some("short")).contains("--> 1:900"));
        assert!(render(&diagnostic, |_| None).contains("--> 1:900"));
    }
}
