//! Why a call has no answer, and what that means for asking again.

use axum::http::StatusCode;
use wire::codes::NOT_FOUND;

use crate::internal::{codes, problem::ProblemDocument};

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The service answered that it doesn't, or can't.
    #[error("the service answered {}: {}", .0.code, .0.detail)]
    Problem(Box<ProblemDocument>),
    /// The call didn't come through.
    #[error("the service can't be reached")]
    Unreachable {
        /// Whether the call may have arrived all the same.
        may_have_arrived: bool,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There was no answer in time. Nothing is known of what was done.
    #[error("no answer before the deadline")]
    Late,
    /// The service failed so often lately that it wasn't asked.
    #[error("the service isn't asked for a while")]
    CircuitOpen,
    /// The answer isn't what was expected.
    #[error("the answer isn't understood")]
    Malformed(#[source] serde_json::Error),
    /// The answer is too long.
    #[error("the answer has more than {0} bytes")]
    TooLong(usize),
    /// The call can't be made: its path, its body or the identity.
    #[error("the call can't be made: {0}")]
    Request(String),
}

impl CallError {
    /// The problem's code, if the service answered with one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.code),
            _ => None,
        }
    }

    /// Whether the same call may have an answer later: what a job tries again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Problem(problem) => problem.status >= 500 || is_later(problem),
            Self::Unreachable { .. } | Self::Late | Self::CircuitOpen => true,
            Self::Malformed(_) | Self::TooLong(_) | Self::Request(_) => false,
        }
    }

    /// Whether somebody in between answered, who knows nothing of what the service does: problems of the service itself have a trace.
    #[must_use]
    pub fn is_of_another(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.trace_id.is_empty())
    }

    /// Whether the service itself says that there is nothing of the kind.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code() == Some(NOT_FOUND) && !self.is_of_another()
    }

    /// Whether to try again at once: a call that may be repeated, or one that surely never arrived.
    pub(super) fn may_be_tried_again(&self, is_repeatable: bool) -> bool {
        match self {
            Self::Unreachable { may_have_arrived, .. } => is_repeatable || !may_have_arrived,
            Self::Late => is_repeatable,
            Self::Problem(problem) => is_repeatable && is_later(problem),
            _ => false,
        }
    }

    /// Whether the service failed, rather than refused: what opens the circuit.
    pub(super) fn is_failure(&self) -> bool {
        match self {
            Self::Problem(problem) => problem.status >= 500,
            Self::Unreachable { .. } | Self::Late => true,
            _ => false,
        }
    }
}

/// Whether the service says itself that it may answer later.
fn is_later(problem: &ProblemDocument) -> bool {
    let status = StatusCode::from_u16(problem.status).unwrap_or_default();
    matches!(
        status,
        StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
    ) || problem.code == codes::IDEMPOTENCY_KEY_IN_PROGRESS
}
