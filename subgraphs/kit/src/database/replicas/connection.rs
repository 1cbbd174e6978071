//! A connection to read on.

use std::ops::{Deref, DerefMut};

use diesel_async::AsyncPgConnection;
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
