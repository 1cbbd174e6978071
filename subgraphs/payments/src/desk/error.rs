//! Why nothing could be written.

use kit::command::CommandError;
use kit::database::DatabaseError;
use kit::event_store::StoreError;
use kit::{HandlerError, JobError};
use wire::event::EnvelopeError;

/// Why nothing was written. All of these are internal.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database fails.
    #[error("the payments database")]
    Database(#[from] DatabaseError),
    /// The event store refuses.
    #[error("the payments' event store")]
    Store(#[from] StoreError),
    /// An event or answer makes no message.
    #[error("an event can't be told")]
    Envelope(#[from] EnvelopeError),
    /// A command can't be sent or answered.
    #[error("a command can't be answered")]
    Command(#[from] CommandError),
    /// A question that is stored can't be written or read.
    #[error("a question can't be kept")]
    Question(#[from] serde_json::Error),
}

impl From<diesel::result::Error> for DeskError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<DeskError> for HandlerError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Database(error) => error.into(),
            DeskError::Command(error) => error.into(),
            error @ (DeskError::Envelope(_) | DeskError::Question(_)) => Self::poison(error),
            error @ DeskError::Store(_) => Self::transient(error),
        }
    }
}

impl From<DeskError> for JobError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Database(error) => error.into(),
            error => Self::transient(error),
        }
    }
}

impl From<DeskError> for kit::Error {
    fn from(error: DeskError) -> Self {
        Self::internal(error)
    }
}
