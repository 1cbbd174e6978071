//! What a saga hears.

use uuid::Uuid;
use wire::Domain;

use super::Saga;

/// What a saga hears.
pub enum Input<S: Saga> {
    /// Its own domain tells it something: what it begins with ([`super::begin`]), or later ([`super::tell`]).
    Local(S::Local),
    /// Something has happened.
    Event(S::Events),
    /// A command was answered for which an answer was awaited.
    Reply {
        /// What was answered.
        reply: S::Replies,
        /// By whom, where several were asked.
        from: Domain,
        /// The command's id.
        command: Uuid,
    },
    /// Its deadline has passed, and it has none any more.
    Deadline,
}
