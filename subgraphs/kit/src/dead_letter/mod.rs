//! Dead letters: messages that a consumer gave up, and what is done about them.
//!
//! A letter is written in the transaction in which its consumer takes the message for done, into a table of the consumer's own
//! database, so that it can't be lost between two places and its text is whole whatever it is. The same transaction tells of it
//! on `<domain>/dead-letters`, for whoever watches.
//!
//! A letter waits until somebody replays it (its reason is gone) or purges it (it isn't worth it). Each of these is safe beside
//! running consumers.

mod list;
mod notice;
mod purge;
mod replay;
#[cfg(test)]
mod tests;
mod write;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wire::bus::Place;

pub use list::{LIST_MAX, Listed, count, count_by_consumer, list, show};
pub use purge::{purge, purge_older};
pub use replay::{REPLAY_AGE_MAX, ReplayError, replay, replay_group};
pub(crate) use write::{GivenUp, give_up_in_txn};

/// A message that was given up.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadLetter {
    /// The letter's own id. Later letters have greater ones.
    pub id: Uuid,
    /// The name of the group that gave it up.
    pub consumer: String,
    /// The event's id, or one made of the text where it has none.
    pub event_id: Uuid,
    /// Where the message came from.
    pub topic: String,
    /// Where it stood there.
    pub place: Place,
    /// Its key.
    pub key: String,
    /// Why: the error with all its causes, at most 1,000 characters.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub given_up_at: DateTime<Utc>,
    /// When it was published again.
    pub replayed_at: Option<DateTime<Utc>>,
}
