//! Why an operation has no plan.

/// Planning failed. Each has a stable code for `extensions.code`, and a message that is safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The document has no operation of that name, or several and no name was given.
    #[error("{0}")]
    Operation(String),
    /// The operation asks for more than the budget allows once fragments are spread.
    #[error("the operation is too complex: more than {max} {what}")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        max: u64,
    },
    /// No way was found to get a field. A supergraph whose composition was proved never causes this.
    #[error("there is no way to get {coordinate} for this operation")]
    Unreachable {
        /// The field, such as `User.name`.
        coordinate: String,
    },
    /// The operation is of a kind that isn't served.
    #[error("{0}")]
    Unsupported(String),
    /// Planning was stopped before there was a plan.
    #[error("planning this operation takes too long")]
    Stopped,
    /// A fault in planning itself.
    #[error("planning failed: {0}")]
    Internal(&'static str),
}

impl PlanError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Operation(_) => "OPERATION_RESOLUTION_FAILURE",
            Self::TooComplex { .. } => "OPERATION_TOO_COMPLEX",
            Self::Unsupported(_) => "OPERATION_NOT_SUPPORTED",
            Self::Stopped => "PLANNING_TIMEOUT",
            Self::Unreachable { .. } | Self::Internal(_) => "PLANNING_FAILED",
        }
    }
}
