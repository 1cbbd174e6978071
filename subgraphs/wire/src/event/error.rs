//! Why a text is no envelope, and why an envelope's data can't be read.
//!
//! None of these goes away by trying again: such a message belongs among the dead letters, with the reason.

use serde_json::error::Error as JsonError;
use thiserror::Error;

/// Why a text is no envelope, or an envelope can't be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// It is longer than any message may be.
    #[error("an envelope of {bytes} bytes is longer than {bytes_max}")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// It is no JSON object.
    #[error("this is no JSON object")]
    Json(#[source] JsonError),
    /// It is of another version of CloudEvents than 1.0, or of none.
    #[error("this is no CloudEvent 1.0")]
    SpecVersion,
    /// An attribute is missing that there must be.
    #[error("the attribute {0} is missing")]
    Missing(&'static str),
    /// An attribute's value isn't what it must be, or is out of bounds.
    #[error("the attribute {0} has a value that it can't have")]
    Value(String),
    /// An attribute's name has other letters than lower-case ones and digits, or too many, or is one of another attribute.
    #[error("an attribute has a name that none can have")]
    Name,
    /// An attribute is there twice.
    #[error("the attribute {0} is there twice")]
    Repeated(String),
    /// There are more attributes than are read.
    #[error("there are too many attributes")]
    TooManyAttributes,
    /// Its data is bytes; nothing of ours is.
    #[error("binary data isn't read")]
    Binary,
    /// What it should carry can't be written as JSON.
    #[error("the data can't be written as JSON")]
    Unwritable(#[source] JsonError),
}

/// Why an envelope's data can't be read, although its type is the one asked for.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Its version is newer than this build: a newer one will read it.
    #[error("{name} has version {version}, and this build reads up to {known}")]
    Newer {
        /// What it is, without a version: `orders.placed`.
        name: String,
        /// Its version.
        version: u16,
        /// The newest that is known here.
        known: u16,
    },
    /// There is no data, or it is said not to be JSON.
    #[error("there is no JSON data")]
    NoData,
    /// The data isn't what its type says.
    #[error("the data isn't what its type says")]
    Data(#[source] JsonError),
    /// The data of an older version can't be turned into that of the next one.
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
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UpcastError {
    /// The type knows no way from that version.
    #[error("there is no way from version {0}")]
    Unknown(u16),
    /// The data isn't what that version says.
    #[error("the data isn't of that version")]
    Data(#[from] JsonError),
}
