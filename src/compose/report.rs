//! Composition's findings as text: code, message, then each place with its source line, and the help.

use graphql::{Diagnostic, Severity, render};

/// The sources that findings point into: name and text.
pub struct Sources(Vec<(String, String)>);

impl Sources {
    /// Sources by name.
    pub fn new(sources: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(sources.into_iter().collect())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(source, _)| source == name).map(|(_, text)| text.as_str())
    }

    /// The whole report of a refused composition; the caller prefixes the first line.
    pub fn refused(&self, findings: &[Diagnostic]) -> String {
        let count = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let noun = if count == 1 { "finding" } else { "findings" };
        self.listed(&format!("composition failed with {count} {noun}"), findings)
    }

    /// A heading, then each finding.
    pub fn listed(&self, heading: &str, findings: &[Diagnostic]) -> String {
        let mut text = heading.to_owned();
        for diagnostic in findings {
            text.push_str("\n\n");
            text.push_str(&self.finding(diagnostic));
        }
        text
    }

    /// One finding: severity and code, each place as `subgraph:line:column` with its line, and help.
    pub fn finding(&self, diagnostic: &Diagnostic) -> String {
        render(diagnostic, |name| self.text(name)).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use graphql::{Label, Location};

    use super::*;

    #[test]
    fn names_code_subgraph_line_column_and_help() {
        let start = Location { line: 2, column: 3 };
        let end = Location { line: 2, column: 7 };
        let label = Label { source: "products".into(), start, end, text: "not shareable here".into() };
        let diagnostic = Diagnostic::error("INVALID_FIELD_SHARING", "Two resolve it.").label(label).help("Share it.");
        let sources = Sources::new([("products".to_owned(), "type Product {\n  name: String\n}".to_owned())]);
        let report = sources.refused(&[diagnostic]);
        for part in ["failed with 1 finding", "error[INVALID_FIELD_SHARING]", "products:2:3", "^^^^ not shareable here"]
        {
            assert!(report.contains(part), "{part} in {report}");
        }
    }
}
