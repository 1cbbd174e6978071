//! Why the store can't do what it is asked.

use kit::{HandlerError, database::DatabaseError};
use wire::event::EnvelopeError;

/// A fault of ours, or of the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database can't be used.
    #[error("the users' database can't be used")]
    Database(#[from] DatabaseError),
    /// A statement failed.
    #[error("a statement on the users' database failed")]
    Statement(#[from] diesel::result::Error),
    /// An event that can't be written.
    #[error("an event can't be written")]
    Event(#[from] EnvelopeError),
    /// A deletion can't begin.
    #[error("a deletion can't begin")]
    Saga(#[from] kit::saga::StepError),
    /// A row holds what no code of ours writes.
    #[error("{column} of user {user} can't be read")]
    Corrupt {
        /// Whose row.
        user: uuid::Uuid,
        /// Which column.
        column: &'static str,
    },
}

impl From<StoreError> for kit::Error {
    fn from(error: StoreError) -> Self {
        Self::internal(error)
    }
}

impl From<StoreError> for HandlerError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => error.into(),
            error @ StoreError::Statement(_) => Self::transient(error),
            StoreError::Saga(error) => error.into(),
            error @ (StoreError::Event(_) | StoreError::Corrupt { .. }) => Self::poison(error),
        }
    }
}
