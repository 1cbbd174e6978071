//! What one domain asks of another, and what it is answered.
//!
//! A command travels on `<target>/commands` under a key of its own choosing; commands of one key are handled in their order. Its
//! envelope's id is what tells a repetition: who handles it twice has done it once, and answers the same. The answer
//! travels on `<sender>/replies`, where the sender is who the command's envelope says it is from; it carries the saga's id as
//! `correlationid` and the command's as `causationid`.
//!
//! A refusal is an answer like another: nothing was changed, and asking again changes nothing. What may pass (a database
//! that is away) is never answered; it is tried again where it is.

mod refusal;
mod reply;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::Domain;
use crate::event::{Payload, UpcastError};
use crate::topic::{Purpose, Topic};

pub use refusal::{NEWER_VERSION, Refusal, UNKNOWN_COMMAND};
pub use reply::Reply;

/// What a reply's name has behind its command's.
pub const REPLY_SUFFIX: &str = "-reply";

/// Something asked for.
pub trait Command: Payload + Clone + std::fmt::Debug + PartialEq {
    /// Who handles it. Where there are several each gets one of its own and answers for itself.
    const TARGETS: &'static [Domain];
    /// The name of [`Reply`]'s type: the command's and [`REPLY_SUFFIX`], so that also who doesn't know the command can refuse it.
    /// It has the command's version, since who sends a version understands its answers.
    const REPLY_NAME: &'static str;
    /// What there is to say when it is done.
    type Done: Answer;
    /// Why it can't be done, by a stable code. An open set: [`UNKNOWN_COMMAND`] and [`NEWER_VERSION`] can be said of any command.
    type Refusal: Answer;

    /// What it is about: commands under one key are handled in turn.
    fn key(&self) -> String;

    /// Where it goes, for each target.
    fn topics() -> impl Iterator<Item = Topic> {
        Self::TARGETS.iter().map(|target| Topic::of(*target, Purpose::Commands))
    }

    /// [`Payload::upcast`] for replies.
    ///
    /// # Errors
    /// As there.
    fn upcast_reply(version: u16, data: Value) -> Result<Value, UpcastError> {
        let _ = data;
        Err(UpcastError::Unknown(version))
    }
}

/// Names a command that has one version only: who defines it, its name and version; who handles it, and the field with its
/// key; what is answered.
macro_rules! command {
    (
        $command:ty: $domain:ident, $name:literal, $version:literal;
        to [$($target:ident),+] under $key:ident;
        answers $done:ty | $refusal:ty;
    ) => {
        $crate::event::payload!($command, $domain, $name, $version);

        impl $crate::command::Command for $command {
            const TARGETS: &'static [$crate::domain::Domain] = &[$($crate::domain::Domain::$target),+];
            const REPLY_NAME: &'static str = concat!($name, "-reply");
            type Done = $done;
            type Refusal = $refusal;

            fn key(&self) -> String {
                self.$key.to_string()
            }
        }
    };
}

pub(crate) use command;

/// A part of a reply.
pub trait Answer:
    Serialize + DeserializeOwned + JsonSchema + Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static
{
}

impl<T> Answer for T where
    T: Serialize + DeserializeOwned + JsonSchema + Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static
{
}
