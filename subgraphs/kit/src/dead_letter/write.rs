//! Writing a dead letter.

use diesel::{
    sql_query,
    sql_types::{BigInt, Integer, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;
use wire::{bus::Delivery, topic::Topic};

use super::notice::notice;
use crate::{
    consumer::Group,
    database::{DatabaseError, cached, storable},
    outbox,
};

/// Characters of a reason that are kept: what went wrong stands at its beginning.
const REASON_CHARACTERS_MAX: usize = 1_000;

const WRITE: &str = "INSERT INTO dead_letter \
    (id, consumer, event_id, topic, partition, position_major, position_minor, key, text, reason, attempts) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// A message that is given up.
pub(crate) struct GivenUp<'a> {
    pub group: &'a Group,
    pub topic: &'a Topic,
    pub delivery: &'a Delivery,
    pub event_id: Uuid,
    pub reason: &'a str,
    pub attempts: u32,
}

/// Keeps the letter, and tells of it by the outbox.
pub(crate) async fn give_up_in_txn(
    connection: &mut AsyncPgConnection,
    given_up: &GivenUp<'_>,
) -> Result<(), DatabaseError> {
    let GivenUp { group, topic, delivery, event_id, reason, attempts } = *given_up;
    let (id, place, message) = (Uuid::now_v7(), delivery.place, &delivery.message);
    let reason = storable(reason, REASON_CHARACTERS_MAX);
    let write = sql_query(WRITE)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(group.name())
        .bind::<SqlUuid, _>(event_id)
        .bind::<Text, _>(topic.to_string())
        .bind::<Integer, _>(i32::from(place.partition))
        .bind::<BigInt, _>(place.position.0.cast_signed())
        .bind::<BigInt, _>(place.position.1.cast_signed())
        .bind::<Text, _>(storable(&message.key, usize::MAX))
        .bind::<Text, _>(storable(&message.text, usize::MAX))
        .bind::<Text, _>(&reason)
        .bind::<Integer, _>(i32::try_from(attempts).unwrap_or(i32::MAX));
    cached(write).execute(connection).await?;
    outbox::append(connection, group.dead_letters(), &[notice(id, &GivenUp { reason: &reason, ..*given_up })]).await
}
