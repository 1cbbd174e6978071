//! Wanting something done.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension as _, QueryableByName, sql_query,
    sql_types::{Double, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    database::{DatabaseError, cached, wake_jobs_after_commit},
    trace,
};

/// Bytes of a kind's name.
const KIND_BYTES_MAX: usize = 64;
/// Bytes of a key: some ids and a word.
const KEY_BYTES_MAX: usize = 256;
/// Bytes of a payload: as much as a message. More belongs into a table of its own.
const PAYLOAD_BYTES_MAX: usize = 256 * 1024;

const ENQUEUE: &str = "INSERT INTO job (id, kind, key, payload, due_at, traceparent) \
    VALUES ($1, $2, $3, $4, coalesce($5, now() + make_interval(secs => $6)), $7) ON CONFLICT (kind, key) DO NOTHING RETURNING id";

/// Something to be done.
#[derive(Debug, Clone)]
pub struct NewJob<'a, P> {
    /// Which handler does it: its [`JobHandler::KIND`](super::JobHandler::KIND), 1 to 64 bytes.
    pub kind: &'a str,
    /// What it is known by among those of its kind, 1 to 256 bytes.
    pub key: &'a str,
    /// What the handler needs to know, at most 256 KiB as JSON.
    pub payload: P,
    /// When.
    pub run_at: RunAt,
}

/// When a job is to be done, by the database's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunAt {
    /// As soon as the transaction is committed.
    #[default]
    Now,
    /// So long after the transaction began.
    After(Duration),
    /// Not before.
    At(DateTime<Utc>),
}

/// Why something can't be a job.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NewJobError {
    /// A kind or key that is empty, too long, or has a zero byte.
    #[error("the {what} of a job has 1 to {bytes_max} bytes, none of them zero")]
    Name {
        /// Which of the two.
        what: &'static str,
        /// How long it may be.
        bytes_max: usize,
    },
    /// The payload is longer than 256 KiB.
    #[error("the payload of a job has at most {PAYLOAD_BYTES_MAX} bytes")]
    TooLong,
    /// The payload can't be written as JSON.
    #[error("the payload of a job can't be written")]
    Payload(#[source] serde_json::Error),
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Has a job done once the caller's transaction is committed, and never if it isn't. Gives the job's id; `None` if there is one of
/// this kind and key, finished or not, and then changes nothing.
///
/// # Errors
/// [`DatabaseError::Job`] for what can't be one, before anything is written; [`DatabaseError::Statement`].
pub async fn enqueue<P: Serialize + Sync>(
    connection: &mut AsyncPgConnection,
    job: &NewJob<'_, P>,
) -> Result<Option<Uuid>, DatabaseError> {
    let payload = job.checked_payload()?;
    let (at, after) = match job.run_at {
        RunAt::Now => (None, Duration::ZERO),
        RunAt::After(after) => (None, after),
        RunAt::At(at) => (Some(at), Duration::ZERO),
    };
    let statement = sql_query(ENQUEUE)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Text, _>(job.kind)
        .bind::<Text, _>(job.key)
        .bind::<Text, _>(payload)
        .bind::<Nullable<Timestamptz>, _>(at)
        .bind::<Double, _>(after.as_secs_f64())
        .bind::<Nullable<Text>, _>(trace::traceparent());
    let row: Option<Row> = cached(statement).get_result(connection).await.optional()?;
    if row.is_some() {
        wake_jobs_after_commit(connection, job.kind).await?;
    }
    Ok(row.map(|Row { id }| id))
}

impl<P: Serialize> NewJob<'_, P> {
    fn checked_payload(&self) -> Result<String, NewJobError> {
        for (what, text, bytes_max) in [("kind", self.kind, KIND_BYTES_MAX), ("key", self.key, KEY_BYTES_MAX)] {
            if text.is_empty() || text.len() > bytes_max || text.contains('\0') {
                return Err(NewJobError::Name { what, bytes_max });
            }
        }
        let payload = serde_json::to_string(&self.payload).map_err(NewJobError::Payload)?;
        if payload.len() > PAYLOAD_BYTES_MAX { Err(NewJobError::TooLong) } else { Ok(payload) }
    }
}
