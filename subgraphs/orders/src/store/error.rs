//! Why the store can't answer.

use kit::command::CommandError;
use kit::database::DatabaseError;
use kit::{HandlerError, JobError, event_store};
use thiserror::Error;
use wire::event::EnvelopeError;

/// Why the store could not answer. All of these are internal errors. Each gives its cause as its source, by which a unit of work
/// that lost against another one is known and done again.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No connection, or a statement failed.
    #[error("the orders database")]
    Database(#[from] DatabaseError),
    /// What happened can't be stored or read; a conflict with somebody else's decision among others.
    #[error("the orders' events")]
    Events(#[from] event_store::StoreError),
    /// What happened can't be told.
    #[error("an order's event makes no message")]
    Envelope(#[from] EnvelopeError),
    /// A command can't be sent or answered.
    #[error("an order's command")]
    Command(#[from] CommandError),
    /// A saga can't be begun.
    #[error("an order's saga")]
    Saga(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An order's saga is stuck, and can't say what becomes of the order. Who commits all the same has told it: it hears that when it
    /// goes on.
    #[error("the order's saga is stuck")]
    Stuck,
    /// More was given back than the order says is left: of what was given back before some has come again, which is told by another way and
    /// isn't heard of yet.
    #[error("more was given back than the order says is left")]
    RefundAhead,
    /// The request lacks what every request has.
    #[error("a request's data")]
    Request(#[source] Box<kit::Error>),
    /// A stored value that no version of this program writes.
    #[error("the stored {0} of an order can't be read")]
    Corrupt(&'static str),
}

impl StoreError {
    /// Of a request that lacks what every one has.
    #[must_use]
    pub fn request(error: kit::Error) -> Self {
        Self::Request(Box::new(error))
    }

    /// Of a saga that can't be begun or told something.
    pub fn saga(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Saga(reason.into())
    }
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<StoreError> for kit::Error {
    fn from(error: StoreError) -> Self {
        Self::internal(error)
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) | StoreError::Envelope(_) => Self::permanent(error),
            StoreError::Database(error) => error.into(),
            error => Self::transient(error),
        }
    }
}

impl From<StoreError> for HandlerError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) | StoreError::Envelope(_) => Self::poison(error),
            StoreError::Command(error) => error.into(),
            error => Self::transient(error),
        }
    }
}
