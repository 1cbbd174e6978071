//! Notifications in PostgreSQL. Functions ending in `_in_txn` are parts of a caller's transaction; the others are one statement.
//!
//! It must never decide who may see a notification: that is the resolvers' part.

mod delivery;
mod digest;
mod erase;
mod events;
mod forget;
mod list;
mod load;
mod notification;
mod read;
mod recipient;
mod rows;
mod schema;
mod webhook;

use kit::{Database, database::DatabaseError};
use thiserror::Error;

pub use delivery::{
    DeliveryState, Ending, NewDelivery, Told, delivery_begin_in_txn, delivery_end_in_txn, delivery_insert_in_txn,
    delivery_load, delivery_wait_in_txn,
};
pub use digest::{collect_in_txn, digest_close_in_txn};
pub use erase::erase_in_txn;
pub use events::tell_in_txn;
pub use forget::{RETENTION, forget, keep_forgetting};
pub use list::Filter;
pub use notification::{insert_in_txn, plan_in_txn, unplanned};
pub use read::{Which, mark_read_in_txn};
pub use recipient::{Standing, lock_in_txn};
pub use rows::{DeliveryRow, NotificationRow, Position, WebhookRow};
pub use webhook::{
    FAILING_FOR_MAX, FAILURES_MIN, Verdict, WEBHOOKS_MAX, webhook_enable_in_txn, webhook_failed_in_txn,
    webhook_insert_in_txn, webhook_load, webhook_remove_in_txn, webhook_succeeded_in_txn, webhooks_called,
};

/// Notifications, deliveries and webhooks.
#[derive(Clone, Debug)]
pub struct NotificationStore {
    pub(crate) database: Database,
}

impl NotificationStore {
    /// A store on a migrated database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether the database answers now.
    pub async fn is_ready(&self) -> bool {
        self.database.is_ready().await
    }
}

/// Why the store could not answer. All of these are internal errors.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No connection, or a statement failed.
    #[error("the database fails")]
    Database(#[from] DatabaseError),
    /// An event that can't be written.
    #[error("an event can't be told")]
    Event(#[from] wire::event::EnvelopeError),
    /// A stored value that no version of this program writes.
    #[error("the stored {0} can't be read")]
    Corrupt(&'static str),
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

impl From<StoreError> for kit::HandlerError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => error.into(),
            error => Self::poison(error),
        }
    }
}

impl From<StoreError> for kit::job::JobError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => error.into(),
            error => Self::permanent(error),
        }
    }
}
