//! What an aggregate is, and one that was read.

use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::EventSet;

/// Something with an id whose state is made of its events alone, and within which rules hold.
///
/// Its default is the state before anything has happened.
pub trait Aggregate: Default + Serialize + DeserializeOwned + Send + Sync {
    /// What can happen to it.
    type Event: EventSet;
    /// Its kind: the name of its streams, 1 to 64 bytes. Never changes.
    const NAME: &'static str;
    /// The shape of the state as JSON, and what [`Aggregate::apply`] makes of events: another number makes nobody read the
    /// snapshots of before.
    const SNAPSHOT_VERSION: u16;
    /// A snapshot is taken after about this many events, which bounds what must be read to know the state. A hundred small events
    /// are read in about the time that a statement takes anyway; streams that are shorter, most of them, have no snapshot.
    const SNAPSHOT_EVERY: u32 = 100;

    /// Takes in what has happened. It has, so this can't refuse; it mustn't look at a clock or anything else outside.
    fn apply(&mut self, event: &Self::Event);
}

/// An aggregate as it was read: what a decision is based on.
#[derive(Clone, Debug)]
pub struct Loaded<A> {
    pub(super) id: Uuid,
    pub(super) state: A,
    pub(super) version: u32,
    /// Which version the stored snapshot is of; 0 if there is none.
    pub(super) snapshot_version: u32,
}

impl<A: Aggregate> Loaded<A> {
    /// Before anything has happened. To append to it means that nothing may have.
    #[must_use]
    pub fn new(id: Uuid) -> Self {
        Self { id, state: A::default(), version: 0, snapshot_version: 0 }
    }

    /// Whose state it is.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &A {
        &self.state
    }

    /// How many events made it; 0 if there is no such aggregate.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    pub(super) fn apply(&mut self, event: &A::Event) {
        self.state.apply(event);
        self.version = self.version.saturating_add(1);
    }
}
