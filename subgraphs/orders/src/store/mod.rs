//! Orders in PostgreSQL. One file a group of questions; every function is one statement or one
//! transaction, and none is called once a row.
//!
//! It must never decide who may see an order: that is the resolvers' part.

mod change;
mod list;
mod load;
mod place;
mod rows;
mod schema;

use kit::{Database, database::DatabaseError};
use thiserror::Error;

pub use place::Placed;

/// Orders and their lines.
#[derive(Clone)]
pub struct OrderStore {
    database: Database,
}

impl OrderStore {
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
    /// No connection.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The statement failed.
    #[error("a statement failed")]
    Statement(#[from] diesel::result::Error),
    /// A stored value that no version of this program writes.
    #[error("the stored {0} of an order can't be read")]
    Corrupt(&'static str),
}

impl From<StoreError> for kit::Error {
    fn from(error: StoreError) -> Self {
        Self::internal(error)
    }
}
