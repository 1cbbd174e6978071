//! What ends a measurement: each failure says what was tried, so that a run that stops can be mended without a debugger.

use std::io;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The system refused something.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// A peer on the wire broke HTTP/1.1, or ended in the middle of a message.
    #[error("broken HTTP: {0}")]
    Http(String),
    /// A program that the harness runs did not do its part.
    #[error("{0}")]
    Program(String),
    /// A router answered something else than it should have.
    #[error("wrong answer: {0}")]
    Answer(String),
    /// The command line asks for what there isn't.
    #[error("{0}")]
    Usage(String),
}

/// What fallible functions of the harness return.
pub type Result<T> = std::result::Result<T, Failure>;

/// Names what was tried when the system refuses it.
pub trait Tried<T> {
    /// The same result, with `what` in its failure.
    fn tried(self, what: impl Into<String>) -> Result<T>;
}

impl<T, E: Into<io::Error>> Tried<T> for std::result::Result<T, E> {
    fn tried(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|source| Failure::System { what: what.into(), source: source.into() })
    }
}
