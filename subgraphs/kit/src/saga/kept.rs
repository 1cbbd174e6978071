//! What a saga was told while it was stuck.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Integer, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;
use wire::event::Envelope;

use super::{SagaError, StepError, heard::Heard};
use crate::{command::CommandError, database::cached};

/// Inputs kept for one saga: more than any hears in its life, so that nothing fills the table.
const INPUTS_MAX: u32 = 1_000;

const KEEP: &str = "INSERT INTO saga_input (kind, id, source, text, metadata) SELECT $1, $2, $3, $4, $5 \
    WHERE (SELECT count(*) FROM saga_input WHERE kind = $1 AND id = $2) < $6";
const OLDEST: &str =
    "SELECT number, source, text, metadata FROM saga_input WHERE kind = $1 AND id = $2 ORDER BY number LIMIT 2";
const DROP_ONE: &str = "DELETE FROM saga_input WHERE kind = $1 AND id = $2 AND number = $3";
const DROP_ALL: &str = "DELETE FROM saga_input WHERE kind = $1 AND id = $2";

/// One that was kept.
pub(super) struct Kept {
    pub number: i64,
    /// What was heard, if this build can read it.
    pub heard: Result<Heard, SagaError>,
    /// Whether there is another one behind it.
    pub is_last: bool,
}

/// Keeps what a stuck saga was told. A deadline needs no keeping: it stands in the row.
pub(super) async fn keep(
    connection: &mut AsyncPgConnection,
    kind: &str,
    id: Uuid,
    heard: &Heard,
) -> Result<(), StepError> {
    let text = |envelope: &Envelope| envelope.to_text().map_err(CommandError::from);
    let (source, text, metadata) = match heard {
        Heard::Local(text, metadata) => {
            ("local", text.clone(), serde_json::to_string(metadata).map_err(SagaError::new)?)
        }
        Heard::Event(envelope) => ("event", text(envelope)?, "{}".to_owned()),
        Heard::Reply(envelope) => ("reply", text(envelope)?, "{}".to_owned()),
        Heard::Deadline => return Ok(()),
    };
    let keep = sql_query(KEEP)
        .bind::<Text, _>(kind)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(source)
        .bind::<Text, _>(text)
        .bind::<Text, _>(metadata)
        .bind::<Integer, _>(INPUTS_MAX.cast_signed());
    match cached(keep).execute(connection).await? {
        1 => Ok(()),
        _ => Err(StepError::Full(INPUTS_MAX)),
    }
}

/// The one that was kept first.
pub(super) async fn oldest(
    connection: &mut AsyncPgConnection,
    kind: &str,
    id: Uuid,
) -> Result<Option<Kept>, StepError> {
    let oldest = sql_query(OLDEST).bind::<Text, _>(kind).bind::<SqlUuid, _>(id);
    let rows: Vec<Row> = cached(oldest).load(connection).await?;
    let is_last = rows.len() < 2;
    Ok(rows.into_iter().next().map(|row| Kept { number: row.number, is_last, heard: row.heard() }))
}

pub(super) async fn drop_one(
    connection: &mut AsyncPgConnection,
    kind: &str,
    id: Uuid,
    number: i64,
) -> Result<(), StepError> {
    let delete = sql_query(DROP_ONE).bind::<Text, _>(kind).bind::<SqlUuid, _>(id).bind::<BigInt, _>(number);
    cached(delete).execute(connection).await?;
    Ok(())
}

pub(super) async fn drop_all(connection: &mut AsyncPgConnection, kind: &str, id: Uuid) -> Result<(), StepError> {
    cached(sql_query(DROP_ALL).bind::<Text, _>(kind).bind::<SqlUuid, _>(id)).execute(connection).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Text)]
    metadata: String,
}

impl Row {
    fn heard(self) -> Result<Heard, SagaError> {
        let envelope = || Envelope::parse(&self.text).map_err(SagaError::new);
        match self.source.as_str() {
            "event" => Ok(Heard::Event(envelope()?)),
            "reply" => Ok(Heard::Reply(envelope()?)),
            "local" => Ok(Heard::Local(self.text, serde_json::from_str(&self.metadata).map_err(SagaError::new)?)),
            source => Err(SagaError::new(format!("it was told something by way of {source}"))),
        }
    }
}
