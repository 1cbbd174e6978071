//! Publishing again what was given up.
//!
//! The text is published to its topic under its key as it was, and so comes to all groups once more. The one that gave it up
//! has its id taken out of its inbox in the same transaction, and handles it; the others know it and pass it over, as long as
//! they remember it.

use std::time::Duration;

use diesel::{
    OptionalExtension as _, QueryableByName, sql_query,
    sql_types::{Bool, Double, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;
use wire::{bus::Message, topic::Topic};

use super::list::{Listed, list};
use crate::{
    database::{Database, DatabaseError, cached},
    inbox, outbox,
};

/// Older letters aren't replayed: 14 days. Other groups may have handled the message as long before as a bus keeps it (7 days),
/// and must still remember it ([`inbox::AGE_MAX`]: 30 days) when it comes again, or they handle it twice.
pub const REPLAY_AGE_MAX: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// The lock lets one of several replays do it.
const TAKE: &str = "SELECT consumer, event_id, topic, key, text, replayed_at IS NOT NULL AS replayed, \
    given_up_at < now() - make_interval(secs => $2) AS too_old FROM dead_letter WHERE id = $1 FOR UPDATE";
const REPLAYED: &str = "UPDATE dead_letter SET replayed_at = now() WHERE id = $1";

/// Why a letter isn't replayed. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// There is none with this id.
    #[error("there is no dead letter {0}")]
    NotFound(Uuid),
    /// It was replayed before. If that failed, there is another letter for it.
    #[error("the dead letter {0} was replayed before")]
    Replayed(Uuid),
    /// It is older than [`REPLAY_AGE_MAX`].
    #[error("the dead letter {0} is so old that other consumers may have forgotten its message and handle it twice")]
    TooOld(Uuid),
    /// Its topic has no name that this version knows.
    #[error("no topic has the name {0:?}")]
    Topic(String),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DatabaseError),
}

impl From<diesel::result::Error> for ReplayError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Publishes a letter's message again, by the outbox.
///
/// # Errors
/// [`ReplayError`].
pub async fn replay(database: &Database, id: Uuid) -> Result<(), ReplayError> {
    database.unit(async |connection| replay_in_txn(connection, id).await).await
}

/// Replays all letters of a group that wait and aren't too old, in the order in which they were given up; how many. Those that
/// are written meanwhile, by the replay perhaps, are left for the next time.
///
/// # Errors
/// [`ReplayError::Database`] and [`ReplayError::Topic`]; letters before that one have been replayed.
pub async fn replay_group(database: &Database, consumer: &str) -> Result<u64, ReplayError> {
    let end = Uuid::now_v7();
    let mut replayed = 0;
    let mut listed = Listed { consumer: Some(consumer.to_owned()), ..Listed::default() };
    loop {
        let letters = list(&mut *database.connection().await?, &listed).await?;
        let Some(last) = letters.last() else { return Ok(replayed) };
        listed.after = Some(last.id);
        for letter in letters {
            if letter.id > end {
                return Ok(replayed);
            }
            match replay(database, letter.id).await {
                Ok(()) => replayed += 1,
                // Another one was faster, or it has to stay where it is.
                Err(ReplayError::NotFound(_) | ReplayError::Replayed(_) | ReplayError::TooOld(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

async fn replay_in_txn(connection: &mut AsyncPgConnection, id: Uuid) -> Result<(), ReplayError> {
    let take = sql_query(TAKE).bind::<SqlUuid, _>(id).bind::<Double, _>(REPLAY_AGE_MAX.as_secs_f64());
    let letter: Letter = cached(take).get_result(connection).await.optional()?.ok_or(ReplayError::NotFound(id))?;
    if letter.replayed {
        return Err(ReplayError::Replayed(id));
    }
    if letter.too_old {
        return Err(ReplayError::TooOld(id));
    }
    let topic = Topic::parse(&letter.topic).ok_or(ReplayError::Topic(letter.topic))?;
    inbox::forget_one(connection, &letter.consumer, letter.event_id).await?;
    let message = Message { key: letter.key.into(), text: letter.text.into() };
    outbox::append(connection, &topic, &[message]).await?;
    cached(sql_query(REPLAYED).bind::<SqlUuid, _>(id)).execute(connection).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Letter {
    #[diesel(sql_type = Text)]
    consumer: String,
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Bool)]
    replayed: bool,
    #[diesel(sql_type = Bool)]
    too_old: bool,
}
