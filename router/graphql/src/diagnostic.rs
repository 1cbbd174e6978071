//! Findings about a schema or an operation: code, severity, labels on source spans, and help.
//!
//! Composition, checks and validation all report in this one shape, so that every report renders the
//! same way. A diagnostic never refers to a file system: sources are named, not located.

use std::fmt;

/// How bad a finding is. Only [`Severity::Error`] stops composition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The input is refused.
    Error,
    /// The input is accepted, and probably not what was meant.
    Warning,
    /// Worth knowing.
    Information,
    /// Of use when looking for something particular.
    Debug,
}

/// A position in a source text: line and column, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A span of one source, with what it has to do with the finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The source's name: a subgraph's name for composition, empty for an operation.
    pub source: String,
    /// Where the span starts.
    pub start: Location,
    /// Where the span ends, exclusive.
    pub end: Location,
    /// What stands there, as seen by this finding.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, such as `INVALID_FIELD_SHARING`.
    pub code: &'static str,
    /// Whether it stops the work.
    pub severity: Severity,
    /// One sentence or more for a person.
    pub message: String,
    /// Where it was found; the first label is the primary one. May be empty.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error with neither labels nor help yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A finding with neither labels nor help yet.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self { code, severity, message: message.into(), labels: Vec::new(), help: None }
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }

    /// Sets the help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "info",
            Self::Debug => "debug",
        })
    }
}
