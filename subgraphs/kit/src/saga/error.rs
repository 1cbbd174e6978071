//! Why a saga doesn't go on.

use wire::bus::BusError;

use crate::{
    command::CommandError,
    consumer::HandlerError,
    database::{DatabaseError, describe},
};

/// Why there is no next step, as a saga itself says it.
#[derive(Debug, thiserror::Error)]
#[error("the saga can't go on")]
pub struct SagaError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl SagaError {
    /// For this reason: an error, or a text that names ids and never people.
    pub fn new(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

/// Why a step wasn't taken. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// There is none.
    #[error(transparent)]
    Saga(#[from] SagaError),
    /// The database refused.
    #[error("the saga's database")]
    Database(#[from] DatabaseError),
    /// A command can't be sent.
    #[error("the saga's command")]
    Command(#[from] CommandError),
    /// What it does in its own domain can't be done.
    #[error("what the saga does")]
    Effect(#[source] HandlerError),
    /// A stuck saga was told more than is kept for it.
    #[error("the saga is stuck, and {0} inputs wait for it already")]
    Full(u32),
}

impl StepError {
    /// Whether the same step will fail again, however often it is tried.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Saga(_) | Self::Full(_) | Self::Effect(HandlerError::Poison(_)) => true,
            Self::Database(error) => is_too_long(error),
            Self::Command(CommandError::Database(error)) => is_too_long(error),
            Self::Command(CommandError::Envelope(_) | CommandError::Mismatch { .. }) => true,
            Self::Effect(HandlerError::Transient(_) | HandlerError::Lost(_)) => false,
        }
    }

    /// With all causes, for whoever looks at a stuck saga.
    pub(super) fn reason(&self) -> String {
        describe(self)
    }
}

impl From<StepError> for HandlerError {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Effect(lost @ Self::Lost(_)) => lost,
            error if error.is_final() => Self::poison(error),
            error => Self::transient(error),
        }
    }
}

impl From<diesel::result::Error> for StepError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

fn is_too_long(error: &DatabaseError) -> bool {
    matches!(error, DatabaseError::Message(BusError::TooLong { .. }))
}
