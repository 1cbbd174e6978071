//! Why a job isn't done.

use crate::{database::DatabaseError, internal::CallError};

/// Why an attempt at a job didn't succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// It may succeed later: tried again, some times.
    #[error("not now")]
    Transient(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It never will: the job is given up at once.
    #[error("never")]
    Permanent(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another runner has the job, or it was cancelled. Nothing was written, and nothing is to be done any more.
    #[error("the lease was lost")]
    LeaseLost,
}

impl JobError {
    /// It may succeed later.
    pub fn transient(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Transient(reason.into())
    }

    /// It never will.
    pub fn permanent(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Permanent(reason.into())
    }
}

impl From<diesel::result::Error> for JobError {
    fn from(error: diesel::result::Error) -> Self {
        Self::transient(error)
    }
}

impl From<DatabaseError> for JobError {
    fn from(error: DatabaseError) -> Self {
        if error.is_of_content() { Self::permanent(error) } else { Self::transient(error) }
    }
}

impl From<CallError> for JobError {
    fn from(error: CallError) -> Self {
        if error.is_transient() { Self::transient(error) } else { Self::permanent(error) }
    }
}
