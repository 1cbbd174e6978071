//! Why a command can't be sent or answered.

use wire::{bus::BusError, event::EnvelopeError};

use crate::{consumer::HandlerError, database::DatabaseError};

/// Why a command can't be sent or answered. Nothing was written, unless the caller commits all the same.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The database refused.
    #[error("the command's database")]
    Database(#[from] DatabaseError),
    /// It makes no message, now or later.
    #[error("a command or reply makes no message")]
    Envelope(#[from] EnvelopeError),
    /// The answer is one to another command.
    #[error("{asked} was asked, and {answered} is answered")]
    Mismatch {
        /// The type of what was asked.
        asked: String,
        /// The name of what is answered.
        answered: &'static str,
    },
}

impl From<CommandError> for HandlerError {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Database(DatabaseError::Message(BusError::TooLong { .. }))
            | CommandError::Envelope(_)
            | CommandError::Mismatch { .. } => Self::poison(error),
            CommandError::Database(_) => Self::transient(error),
        }
    }
}
