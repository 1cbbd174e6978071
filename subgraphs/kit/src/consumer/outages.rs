//! What keeps a consumer from its work: its database is away, or the store that its handler writes to.
//!
//! Apart, since the one says nothing of the other: while a store is away, messages that don't need it are handled, and must not look like
//! its end.

use std::time::Duration;

use super::HandlerError;
use crate::outage::Outage;

/// Both of a consumer's; see the module.
pub(super) struct Outages {
    database: Outage,
    store: Outage,
}

impl Outages {
    /// Nothing has failed yet. `what` is what the log says stands still.
    pub fn none(what: &str) -> Self {
        Self { database: Outage::none(what), store: Outage::none(format!("{what}, by its handler's store")) }
    }

    /// A message couldn't be handled for this; how long to wait.
    pub fn lost(&mut self, error: &HandlerError) -> Duration {
        match error {
            HandlerError::Lost(_) => self.store.failed(error),
            HandlerError::Transient(_) | HandlerError::Poison(_) => self.database.failed(error),
        }
    }

    /// The database refused a dead letter; how long to wait.
    pub fn database_lost(&mut self, error: &dyn std::error::Error) -> Duration {
        self.database.failed(error)
    }

    /// Something was written to the database.
    pub fn database_answered(&mut self) {
        self.database.ended();
    }

    /// A message is handled for which the store was away.
    pub fn store_answered(&mut self) {
        self.store.ended();
    }
}
