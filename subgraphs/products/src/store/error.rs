//! Why a store can't answer, and what its callers make of that.

use kit::HandlerError;
use kit::database::{DatabaseError, describe};
use thiserror::Error;
use wire::event::EnvelopeError;

/// Why a store could not answer. Clients are told of none but that it is away, or takes no more.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No connection.
    #[error("the products database")]
    Database(#[from] DatabaseError),
    /// The statement failed.
    #[error("a statement failed")]
    Statement(#[from] diesel::result::Error),
    /// Another store than PostgreSQL is away: what failed now may succeed once it is back.
    #[error("the store can't be had")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another store than PostgreSQL refuses, or a value can't be written.
    #[error("the store refuses")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// So much waits to be told of what was to be written that no more is taken, until some of it is told.
    #[error("{0} messages wait to be told of it already")]
    PendingFull(usize),
    /// An event makes no message.
    #[error("an event can't be told")]
    Event(#[from] EnvelopeError),
    /// A stored value that no version of this program writes.
    #[error("the stored {0} can't be read")]
    Corrupt(&'static str),
    /// A position that no product can have: a cursor that nobody was given.
    #[error("a position does not fit the order of the list")]
    Position,
}

impl From<StoreError> for kit::Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Position => Self::InvalidPagination("Not a cursor of this list and order".to_owned()),
            StoreError::Unavailable(_) => {
                tracing::warn!(error = %describe(&error), "the catalogue can't be had");
                Self::Unavailable("The catalogue can't be had now")
            }
            StoreError::PendingFull(_) => {
                tracing::warn!(error = %describe(&error), "the catalogue takes no more changes of something");
                Self::Unavailable("Too many changes of this wait to be told; it can't be changed now")
            }
            error => Self::internal(error),
        }
    }
}

impl From<StoreError> for HandlerError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::lost(error),
            error => Self::transient(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_is_away_is_told_of_and_waited_for() {
        let away = || StoreError::Unavailable("a test".into());
        assert_eq!(kit::Error::from(away()).code(), "UNAVAILABLE");
        assert!(matches!(HandlerError::from(away()), HandlerError::Lost(_)));
        assert_eq!(kit::Error::from(StoreError::PendingFull(9)).code(), "UNAVAILABLE");
        let refuses = || StoreError::Refused("a test".into());
        assert_eq!(kit::Error::from(refuses()).code(), "INTERNAL_SERVER_ERROR");
        assert!(matches!(HandlerError::from(refuses()), HandlerError::Transient(_)));
    }
}
