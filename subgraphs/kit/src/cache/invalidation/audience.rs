//! Who is told of what is outdated.

use std::sync::Arc;

use super::{Kept, Outdated, notice};
use crate::{
    cache::Told,
    database::{Database, DatabaseError},
};

/// Who is told.
pub(super) enum Audience {
    /// All processes of the service, by its database.
    Processes(Database),
    /// The tier that they share, and then all processes once more: one that began, or was cut off, while the tier was away may
    /// have read from it what it wasn't told of.
    SharedTier(Database),
}

/// Why somebody doesn't know yet.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotTold {
    #[error("the processes were not told of a change")]
    Processes(#[from] DatabaseError),
    #[error("the shared cache was not told of a change")]
    SharedTier,
}

impl Audience {
    /// Tells them; they know when this returns without an error.
    pub async fn tell(&self, outdated: &[(Arc<dyn Kept>, Outdated)]) -> Result<(), NotTold> {
        match self {
            Self::Processes(database) => Ok(notice::send(database, outdated).await?),
            Self::SharedTier(database) => {
                for (cache, outdated) in outdated {
                    if cache.forget(outdated).await == Told::Here {
                        return Err(NotTold::SharedTier);
                    }
                }
                Ok(notice::send(database, outdated).await?)
            }
        }
    }
}
