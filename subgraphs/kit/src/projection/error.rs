//! Why a projection stands still.

use crate::{database::DatabaseError, event_store::StoreError};

/// Why a projection stands still.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectionError {
    /// Its events can't be had or read.
    #[error("the projection's events")]
    Events(#[from] StoreError),
    /// Its tables can't be written.
    #[error("the projection's tables")]
    Database(#[from] DatabaseError),
    /// No projection can be called so.
    #[error("no projection can be called {0:?}")]
    Name(&'static str),
}

impl From<diesel::result::Error> for ProjectionError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}
