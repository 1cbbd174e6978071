//! The books in PostgreSQL: items, their ledger, and reservations.
//!
//! What a command does is a function on the caller's connection, so that it is one transaction with the inbox and the answer; what
//! an administrator does is a method of [`StockStore`] with a transaction of its own. Whoever changes anything locks in
//! one order: reservations first, then items by id. So nobody ever waits in a circle.
//!
//! It must never decide who may book: that is the callers' part.

mod adjust;
mod book;
mod close;
mod commit;
mod expire;
mod items;
mod ledger;
mod receive;
mod reconcile;
mod release;
mod reservation;
mod reserve;
mod returns;
mod selling;
mod tell;
mod untold;

use kit::Database;
use kit::database::DatabaseError;
use thiserror::Error;
use wire::event::EnvelopeError;

pub use adjust::{Adjusted, Adjustment};
pub use commit::commit;
pub use expire::{EXPIRED_AT_ONCE_MAX, expire};
pub(crate) use receive::receive;
pub use receive::{Delivery, Received};
pub use reconcile::{Reconciliation, reconcile};
pub use release::release;
pub use reserve::{RESERVED_DAYS_MAX, reserve};
pub use returns::{restock, take_back};
pub use selling::{item_open, product_withdraw, variant_open, variant_withdraw};
pub use tell::Cause;
pub use untold::{TOLD_AT_ONCE_MAX, tell_untold};

/// The books; cheap to clone.
#[derive(Clone, Debug)]
pub struct StockStore {
    database: Database,
}

impl StockStore {
    /// The books in a migrated database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Their database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }
}

/// Why the books can't be read or written. All of these are internal errors.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No connection, or no room in the outbox.
    #[error("the stock database")]
    Database(#[from] DatabaseError),
    /// A statement failed.
    #[error("a statement failed")]
    Statement(#[from] diesel::result::Error),
    /// An event makes no message.
    #[error("an event can't be told")]
    Event(#[from] EnvelopeError),
    /// Pieces are to come back that were never sold to their order.
    #[error("the order's pieces were never sold to it")]
    NotSold,
    /// A stored value that no version of this program writes.
    #[error("the stored {0} can't be read")]
    Corrupt(&'static str),
}

impl From<StoreError> for kit::Error {
    fn from(error: StoreError) -> Self {
        Self::internal(error)
    }
}

impl From<StoreError> for kit::HandlerError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => error.into(),
            StoreError::Event(_) | StoreError::NotSold | StoreError::Corrupt(_) => Self::poison(error),
            StoreError::Statement(_) => Self::transient(error),
        }
    }
}
