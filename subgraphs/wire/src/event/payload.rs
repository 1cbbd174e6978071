//! What an envelope carries: a type with a name and a version, which can read what its older versions wrote.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{TypeName, UpcastError};
use crate::domain::Domain;
use crate::schema::Type;
use crate::topic::{Purpose, Topic};

/// The data of an event, a command or a reply.
///
/// Unknown fields are ignored when it is read, so that code reads what a later build with more optional fields wrote.
pub trait Payload: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Who defines it.
    const DOMAIN: Domain;
    /// Lower-case letters, digits and hyphens: `placed`.
    const NAME: &'static str;
    /// The version that is written, from 1; all from 1 on are read.
    const VERSION: u16;

    /// Whether an envelope's type is this one, of whichever version: [`super::Envelope::read`] reads it, or says why it can't.
    #[must_use]
    fn is_named(type_name: &str) -> bool {
        TypeName::parse(type_name).is_some_and(|name| Type::of::<Self>().is_named(&name))
    }

    /// Turns data of `version` into that of the version after it. Called once for each step, from what came up to
    /// [`Payload::VERSION`].
    ///
    /// # Errors
    /// [`UpcastError`] when there is no way from that version, or the data isn't of it.
    fn upcast(version: u16, data: Value) -> Result<Value, UpcastError> {
        let _ = data;
        Err(UpcastError::Unknown(version))
    }
}

/// Something that has happened in its domain, told to all others on `<domain>/events`.
pub trait Event: Payload {
    /// The id of what it happened to, by which its order is kept.
    fn subject(&self) -> String;

    /// Where it is told.
    #[must_use]
    fn topic() -> Topic {
        Topic::of(Self::DOMAIN, Purpose::Events)
    }
}

/// Names a payload that has one version only.
macro_rules! payload {
    ($type:ty, $domain:ident, $name:literal, $version:literal) => {
        impl $crate::event::Payload for $type {
            const DOMAIN: $crate::domain::Domain = $crate::domain::Domain::$domain;
            const NAME: &'static str = $name;
            const VERSION: u16 = $version;
        }
    };
}

/// Names an event that has one version only; the last argument is the field with what it happened to.
macro_rules! event {
    ($type:ty, $domain:ident, $name:literal, $version:literal, $subject:ident) => {
        $crate::event::payload!($type, $domain, $name, $version);

        impl $crate::event::Event for $type {
            fn subject(&self) -> String {
                self.$subject.to_string()
            }
        }
    };
}

pub(crate) use {event, payload};
