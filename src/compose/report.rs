//! Composition's findings as text: code, message, then each place and the help.

use graphql::Diagnostic;

/// The whole report of a refused composition; the caller prefixes the first line.
pub fn refused(findings: &[Diagnostic]) -> String {
    let count = findings.len();
    let noun = if count == 1 { "error" } else { "errors" };
    listed(&format!("composition failed with {count} {noun}; nothing is written"), findings)
}

/// A heading, then each finding.
pub fn listed(heading: &str, findings: &[Diagnostic]) -> String {
    let mut text = heading.to_owned();
    for diagnostic in findings {
        text.push_str("\n\n");
        text.push_str(&finding(diagnostic));
    }
    text
}

/// One finding: a line with severity and code, a line a place (`subgraph:line:column`), a line of help.
pub fn finding(diagnostic: &Diagnostic) -> String {
    let mut text = format!("{}[{}]: {}", diagnostic.severity, diagnostic.code, diagnostic.message);
    for label in &diagnostic.labels {
        text.push_str(&format!("\n  --> {}:{}:{}", label.source, label.start.line, label.start.column));
        if !label.text.is_empty() {
            text.push_str(&format!(": {}", label.text));
        }
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\n  help: {help}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use graphql::{Label, Location};

    use super::*;

    #[test]
    fn names_code_subgraph_line_column_and_help() {
        let start = Location { line: 3, column: 5 };
        let label = Label { source: "products".into(), start, end: start, text: "not shareable here".into() };
        let diagnostic = Diagnostic::error("INVALID_FIELD_SHARING", "Two resolve it.").label(label).help("Share it.");
        assert_eq!(
            refused(&[diagnostic]),
            "composition failed with 1 error; nothing is written\n\n\
             error[INVALID_FIELD_SHARING]: Two resolve it.\n  --> products:3:5: not shareable here\n  help: Share it."
        );
    }
}
