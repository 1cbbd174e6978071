//! Which replies a saga waits for.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{Domain, event::Envelope};

/// Replies that one saga waits for at once: with their names they are some kilobytes of its row.
pub const AWAITED_MAX: usize = 128;

/// A reply that hasn't come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The command's id.
    pub command: Uuid,
    /// What was asked: `stock.reserve-stock`.
    pub name: String,
    /// Who was asked.
    pub from: Domain,
    /// The outbox's lane by which the command leaves. Rows of before it was noted have none.
    #[serde(default)]
    pub lane: Option<i16>,
}

impl Awaited {
    /// The one that an envelope is, if it is one of these.
    pub(super) fn find<'a>(awaited: &'a [Self], reply: &Envelope) -> Option<&'a Self> {
        let (from, command) = (reply.sender()?, reply.causation_id.as_deref()?);
        let command = Uuid::try_parse(command).ok()?;
        awaited.iter().find(|awaited| (awaited.command, awaited.from) == (command, from))
    }
}
