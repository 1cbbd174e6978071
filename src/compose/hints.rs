//! Which of composition's hints a person wants to see.

use clap::ValueEnum;
use graphql::Severity;

/// The least that a hint has to weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Hints {
    /// No hint at all
    None,
    /// What is probably not meant
    #[default]
    Warn,
    /// Also what is worth knowing
    Info,
    /// Also what is of use when looking for something particular
    Debug,
}

impl Hints {
    /// Whether a finding is told. Errors always are.
    pub fn show(self, severity: Severity) -> bool {
        match severity {
            Severity::Error => true,
            Severity::Warning => self != Self::None,
            Severity::Information => matches!(self, Self::Info | Self::Debug),
            Severity::Debug => self == Self::Debug,
        }
    }
}
