//! What has happened, and the envelope in which everything travels: events, commands and replies alike.
//!
//! The envelope is a CloudEvent 1.0 in structured JSON. What it carries is typed and has a version; within a version only
//! optional fields may be added, anything else is a new version, whose type turns data of older ones into its own
//! ([`Payload::upcast`]). A reader that is older than a message says so ([`ReadError::Newer`]) and can put it aside.
//!
//! Nothing here reads a clock or makes an id: both are handed in as a [`Stamp`].

mod attribute;
mod build;
mod data;
mod dispatch;
mod envelope;
mod error;
mod members;
mod parse;
mod payload;
mod read;
mod type_name;
mod write;

#[cfg(test)]
mod tests;

pub use attribute::{ATTRIBUTE_BYTES_MAX, Attribute, EXTENSIONS_MAX};
pub use build::Stamp;
pub use data::Data;
pub use dispatch::Dispatch;
pub use envelope::Envelope;
pub use error::{EnvelopeError, ReadError, UpcastError};
pub use payload::{Event, Payload};
pub(crate) use payload::{event, payload};
pub(crate) use read::read_version;
pub use type_name::TypeName;
