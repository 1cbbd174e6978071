//! What a step is taken in.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::event_store::Metadata;

/// The namespace of commands' ids. Must never change.
const COMMANDS: Uuid = Uuid::from_u128(0x6d3c_80f1_2b57_4e9a_a6d0_39f4_81be_0c75);

/// What a step is taken in. All that it is made of is given, so that the step is the same each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Which saga.
    pub id: Uuid,
    /// The step's number, from 1.
    pub version: u32,
    /// When, by the database's clock.
    pub now: DateTime<Utc>,
    /// For what comes about by this step: the matter (the saga's id), what brought it about, whose wish the saga is, its span.
    pub metadata: Metadata,
}

impl Context {
    /// The first step of a saga that nobody wished for: for tests of [`super::Saga::on`].
    #[must_use]
    pub fn new(id: Uuid, now: DateTime<Utc>) -> Self {
        let metadata = Metadata { correlation_id: Some(id.to_string()), ..Metadata::default() };
        Self { id, version: 1, now, metadata }
    }

    /// So long after now; the end of time for what is beyond it.
    #[must_use]
    pub fn after(&self, wait: Duration) -> DateTime<Utc> {
        let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
        self.now.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// An id of the saga's own making, the same in each of its steps: of its reservation, its payment.
    #[must_use]
    pub fn id_of(&self, what: &str) -> Uuid {
        Uuid::new_v5(&self.id, what.as_bytes())
    }

    /// The id of a command, by its place among those of this step.
    pub(super) fn command_id(&self, kind: &str, place: usize) -> Uuid {
        Uuid::new_v5(&COMMANDS, format!("{kind} {} {} {place}", self.id, self.version).as_bytes())
    }
}
