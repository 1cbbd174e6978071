//! Events that are about what is kept: their subject is the key.

use wire::event::Envelope;

use crate::{
    GlobalId,
    cache::{Change, Version},
};

/// That what an event is about has changed, to the version in its sequence if it has one. Nothing, when it is about something of
/// another type: a topic has events of several. Of what exactly has happened nothing is read, so events of later builds do too.
#[must_use]
pub fn about_subject<I: GlobalId>(envelope: &Envelope) -> Vec<Change<I>> {
    let key = envelope.subject.as_deref().and_then(|subject| I::parse_global(subject).ok());
    key.map(|key| Change { key, version: envelope.sequence.map(Version) }).into_iter().collect()
}
