//! How a command fails: what the person reads, and the exit code that scripts read.
//!
//! Must never carry a secret: its text goes to the terminal and to logs.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// Why a command ends without having done its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The input was read and refused: a composition error, a configuration error. Exit code 1.
    /// The text is the whole report, one finding after the other.
    #[error("{0}")]
    Refused(String),
    /// Something around the program is missing or in the way: a file, a port, a database. Exit code 2.
    /// The text is one line a failure: what is wrong, and what to do.
    #[error("{0}")]
    Environment(String),
}

impl Failure {
    /// An environment failure from any text or error; line breaks become spaces.
    pub fn environment(text: impl Display) -> Self {
        Self::Environment(one_line(&text.to_string()))
    }

    /// Several failures as one, each with a heading as the first one gets where it is told. Refused if one of them is.
    pub fn together(failures: Vec<Self>) -> Self {
        let refused = failures.iter().any(|failure| matches!(failure, Self::Refused(_)));
        let texts: Vec<String> = failures.iter().map(Self::to_string).collect();
        if refused { Self::Refused(texts.join("\n\nerror: ")) } else { Self::Environment(texts.join("\nerror: ")) }
    }

    /// A file or folder that can't be read or written.
    pub fn path(doing: &str, path: &Path, error: &std::io::Error, advice: &str) -> Self {
        Self::environment(format!("cannot {doing} {}: {error}; {advice}", path.display()))
    }

    /// The process's exit code.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Refused(_) => ExitCode::from(1),
            Self::Environment(_) => ExitCode::from(2),
        }
    }
}

/// An error with its causes, each once, on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let part = error.to_string();
        if !text.contains(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        cause = error.source();
    }
    one_line(&text)
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_failure_is_one_line() {
        assert_eq!(Failure::environment("first\n  second\n\n").to_string(), "first second");
    }
}
