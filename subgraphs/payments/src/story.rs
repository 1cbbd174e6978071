//! Payments as they are shown: with all that has happened to them, now or up to a moment that was answered before.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::event_store::{Aggregate as _, EventSet as _, ReadError, StoredData};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::domain::{Payment, PaymentEvent};
use crate::schema::event;

/// A payment and how it came to be what it is.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub payment: Payment,
    /// All that has happened, in its order, with the time of its recording.
    pub events: Vec<(PaymentEvent, DateTime<Utc>)>,
}

/// As its events are stored, so that a story that was kept reads like one from the database.
impl Serialize for Story {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kept = |(event, at): &(PaymentEvent, DateTime<Utc>)| {
            let StoredData { name, version, data } = event.to_stored()?;
            Ok((name, version, data, *at))
        };
        let events: serde_json::Result<Vec<_>> = self.events.iter().map(kept).collect();
        (self.id, events.map_err(serde::ser::Error::custom)?).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Story {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        type Kept = (Uuid, Vec<(String, u16, String, DateTime<Utc>)>);
        let (id, events): Kept = Deserialize::deserialize(deserializer)?;
        let mut story = Self::empty(id);
        for (name, version, data, at) in events {
            story.add(PaymentEvent::from_stored(&name, version, &data).map_err(serde::de::Error::custom)?, at);
        }
        Ok(story)
    }
}

/// Why a story can't be told.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// The database fails.
    #[error("the payments' events")]
    Database(#[from] diesel::result::Error),
    /// An event is of a later build, or none of ours.
    #[error("an event of payment {0} can't be read")]
    Unreadable(Uuid, #[source] ReadError),
}

impl From<StoryError> for kit::Error {
    fn from(error: StoryError) -> Self {
        Self::internal(error)
    }
}

impl Story {
    /// How many events there are.
    #[must_use]
    pub fn version(&self) -> usize {
        self.events.len()
    }

    /// The story as it was after so many events.
    #[must_use]
    pub fn until(&self, version: usize) -> Self {
        let mut story = Self::empty(self.id);
        for (event, at) in self.events.iter().take(version) {
            story.add(event.clone(), *at);
        }
        story
    }

    fn empty(id: Uuid) -> Self {
        Self { id, payment: Payment::default(), events: Vec::new() }
    }

    fn add(&mut self, event: PaymentEvent, at: DateTime<Utc>) {
        self.payment.apply(&event);
        self.events.push((event, at));
    }
}

/// The stories of some payments; those that nobody asked for have none, and one of which this build can't read an event has an error of its
/// own. One statement: a payment has a few events, at most some two hundred.
///
/// # Errors
/// [`StoryError::Database`].
pub async fn stories(
    connection: &mut AsyncPgConnection,
    payments: &[Uuid],
) -> Result<HashMap<Uuid, Result<Story, StoryError>>, StoryError> {
    type Row = (Uuid, String, i16, String, DateTime<Utc>);
    let rows: Vec<Row> = event::table
        .filter(event::stream.eq(Payment::NAME))
        .filter(event::stream_id.eq_any(payments))
        .order((event::stream_id, event::version))
        .select((event::stream_id, event::kind, event::type_version, event::data, event::recorded_at))
        .load(connection)
        .await?;
    let mut stories: HashMap<Uuid, Result<Story, StoryError>> = HashMap::new();
    for (id, kind, type_version, data, at) in rows {
        let read = stories.entry(id).or_insert_with(|| Ok(Story::empty(id)));
        let Ok(story) = read else { continue };
        match PaymentEvent::from_stored(&kind, type_version.unsigned_abs(), &data) {
            Ok(event) => story.add(event, at),
            Err(error) => *read = Err(StoryError::Unreadable(id, error)),
        }
    }
    stories.retain(|_, read| !read.as_ref().is_ok_and(|story| story.payment.terms.is_none()));
    Ok(stories)
}
