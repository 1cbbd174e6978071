//! A connection to read on.

use std::ops::{Deref, DerefMut};

use diesel_async::{AsyncConnection, AsyncPgConnection, TransactionManager};
use tokio::sync::OwnedSemaphorePermit;

use crate::database::Connection;

/// A connection to a replica or to the primary, to read on alone: which of them, nobody knows before.
pub struct ReadConnection {
    connection: Connection,
    /// The place among the primary's readers.
    _place: Option<OwnedSemaphorePermit>,
}

impl ReadConnection {
    pub(super) fn new(connection: Connection, place: Option<OwnedSemaphorePermit>) -> Self {
        Self { connection, _place: place }
    }

    /// Keeps it from the pool: what was asked on it is still being answered, and whoever came next would wait for that.
    pub(super) fn give_up(mut self) {
        type Manager = <AsyncPgConnection as AsyncConnection>::TransactionManager;
        <Manager as TransactionManager<_>>::transaction_manager_status_mut(&mut *self.connection).set_in_error();
    }
}

impl Deref for ReadConnection {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        &self.connection
    }
}

impl DerefMut for ReadConnection {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        &mut self.connection
    }
}
