//! Why something can't be stored, or what is stored can't be read.

use uuid::Uuid;

use crate::{consumer::HandlerError, database::DatabaseError};

/// Why the event store refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database can't be used.
    #[error("the event store's database")]
    Database(#[from] DatabaseError),
    /// Something else has happened to the aggregate since it was read. The transaction is lost; on the newest state the
    /// decision may be another one. A unit of work is done again when it ends with this, since the cause says that it was
    /// another transaction's doing.
    #[error("{stream} {id} isn't at version {version} any more")]
    Conflict {
        /// The aggregate's kind.
        stream: &'static str,
        /// The aggregate.
        id: Uuid,
        /// The version that the decision was based on.
        version: u32,
        /// A serialization failure.
        #[source]
        source: diesel::result::Error,
    },
    /// A stored event can't be read by this build.
    #[error("event {version} of {stream} {id} can't be read")]
    Unreadable {
        /// The aggregate's kind.
        stream: String,
        /// The aggregate.
        id: Uuid,
        /// The event's version.
        version: u32,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// What should be stored can't be written as JSON.
    #[error("an event or state can't be written")]
    Unwritable(#[from] serde_json::Error),
    /// An event or its metadata is longer than any may be.
    #[error("an event with {bytes} bytes of data or metadata: at most {bytes_max} may be")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// More events at once than may be, or than a stream can hold.
    #[error("{events} events at once are too many")]
    TooMany {
        /// How many.
        events: usize,
    },
    /// Events are missing between two positions: the database isn't whole, and nothing may be made of it.
    #[error("after position {after} comes {found}")]
    Gap {
        /// The last position that was read.
        after: u64,
        /// The next one there is.
        found: u64,
    },
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<StoreError> for HandlerError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => error.into(),
            StoreError::Conflict { .. } => Self::transient(error),
            error => Self::poison(error),
        }
    }
}

/// Why the data of an event can't be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// No event of the aggregate has that name, in this build.
    #[error("no event is called {0}")]
    Unknown(String),
    /// Its version is newer than this build.
    #[error("{name} has version {version}, and this build reads up to {known}")]
    Newer {
        /// The event's name.
        name: &'static str,
        /// Its version.
        version: u16,
        /// The newest that is known here.
        known: u16,
    },
    /// The data isn't what its version says.
    #[error("the data isn't what its version says")]
    Data(#[source] serde_json::Error),
    /// Data of an older version can't be turned into that of the next one.
    #[error("data of version {version} can't be read as the next one")]
    Upcast {
        /// Which version it had got to.
        version: u16,
        /// Why.
        #[source]
        source: UpcastError,
    },
}

/// Why data of one version can't be turned into that of the next one.
pub type UpcastError = Box<dyn std::error::Error + Send + Sync>;
