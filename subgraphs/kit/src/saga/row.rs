//! A saga's row: what it knows, and the lock of whoever takes a step.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use super::{Awaited, SagaError, StepError};
use crate::{
    database::{DatabaseError, cached, storable},
    event_store::Metadata,
};

/// Bytes of a state's JSON: what a saga knows are ids and how far it has come.
pub const STATE_BYTES_MAX: usize = 64 * 1024;
/// Characters of a reason that are kept.
const REASON_CHARACTERS_MAX: usize = 2_000;

const INSERT: &str = "INSERT INTO saga (kind, id, actor, traceparent) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING \
    RETURNING version, status, state, awaited, deadline, actor, traceparent, clock_timestamp() AS now";
const LOCK: &str = "SELECT version, status, state, awaited, deadline, actor, traceparent, clock_timestamp() AS now \
    FROM saga WHERE kind = $1 AND id = $2 FOR UPDATE";
const TRY_LOCK: &str = "SELECT version, status, state, awaited, deadline, actor, traceparent, clock_timestamp() AS now \
    FROM saga WHERE kind = $1 AND id = $2 FOR UPDATE SKIP LOCKED";
const WRITE: &str = "UPDATE saga SET version = $3, status = $4, state = $5, awaited = $6, deadline = $7, reason = $8, \
    updated_at = clock_timestamp() WHERE kind = $1 AND id = $2";

/// How a saga is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// It goes on when it hears something.
    Active,
    /// It can't take a step, and keeps what it hears.
    Stuck,
    /// It hears what was kept.
    Retrying,
    /// It hears nothing any more.
    Ended,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Stuck, Self::Retrying, Self::Ended];

    /// Its name in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Stuck => "stuck",
            Self::Retrying => "retrying",
            Self::Ended => "ended",
        }
    }

    /// By its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// By its name. What this build doesn't know another one has to look after: stuck.
    pub(super) fn read(name: &str) -> Self {
        Self::named(name).unwrap_or(Self::Stuck)
    }
}

/// A saga whose row is locked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Current {
    pub id: Uuid,
    /// Steps taken; 0 before the first.
    pub version: u32,
    pub status: Status,
    /// JSON.
    pub state: String,
    pub awaited: Vec<Awaited>,
    pub deadline: Option<DateTime<Utc>>,
    pub actor: Option<String>,
    pub traceparent: Option<String>,
    /// Why it is stuck.
    pub reason: Option<String>,
    /// By the database's clock.
    pub now: DateTime<Utc>,
}

/// A row before the first step; `None` if there is a saga of that id already.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    kind: &str,
    id: Uuid,
    metadata: &Metadata,
) -> Result<Option<Current>, StepError> {
    let insert = sql_query(INSERT)
        .bind::<Text, _>(kind)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<Text>, _>(metadata.actor.as_deref())
        .bind::<Nullable<Text>, _>(metadata.traceparent.as_deref());
    let rows: Vec<Row> = cached(insert).load(connection).await?;
    rows.into_iter().next().map(|row| row.current(id)).transpose()
}

/// A saga, once nobody else takes a step of it; `None` if there is none.
pub(super) async fn lock(
    connection: &mut AsyncPgConnection,
    kind: &str,
    id: Uuid,
) -> Result<Option<Current>, StepError> {
    read(connection, LOCK, kind, id).await
}

/// A saga, unless there is none or somebody takes a step of it.
pub(super) async fn try_lock(
    connection: &mut AsyncPgConnection,
    kind: &str,
    id: Uuid,
) -> Result<Option<Current>, StepError> {
    read(connection, TRY_LOCK, kind, id).await
}

async fn read(
    connection: &mut AsyncPgConnection,
    statement: &'static str,
    kind: &str,
    id: Uuid,
) -> Result<Option<Current>, StepError> {
    let lock = sql_query(statement).bind::<Text, _>(kind).bind::<SqlUuid, _>(id);
    let rows: Vec<Row> = cached(lock).load(connection).await?;
    rows.into_iter().next().map(|row| row.current(id)).transpose()
}

/// What is known of it from now on.
pub(super) async fn write(connection: &mut AsyncPgConnection, kind: &str, current: &Current) -> Result<(), StepError> {
    let awaited = serde_json::to_string(&current.awaited).map_err(SagaError::new)?;
    let reason: Option<String> = current.reason.as_ref().map(|reason| storable(reason, REASON_CHARACTERS_MAX));
    let write = sql_query(WRITE)
        .bind::<Text, _>(kind)
        .bind::<SqlUuid, _>(current.id)
        .bind::<Integer, _>(i32::try_from(current.version).unwrap_or(i32::MAX))
        .bind::<Text, _>(current.status.as_str())
        .bind::<Text, _>(&current.state)
        .bind::<Text, _>(awaited)
        .bind::<Nullable<Timestamptz>, _>(current.deadline)
        .bind::<Nullable<Text>, _>(reason);
    match cached(write).execute(connection).await? {
        1 => Ok(()),
        _ => Err(DatabaseError::Statement(diesel::result::Error::NotFound).into()),
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    awaited: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    deadline: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    actor: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    traceparent: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

impl Row {
    fn current(self, id: Uuid) -> Result<Current, StepError> {
        Ok(Current {
            id,
            version: self.version.unsigned_abs(),
            status: Status::read(&self.status),
            state: self.state,
            awaited: serde_json::from_str(&self.awaited).map_err(SagaError::new)?,
            deadline: self.deadline,
            actor: self.actor,
            traceparent: self.traceparent,
            reason: None,
            now: self.now,
        })
    }
}
