//! A job that a runner has a lease of: what a handler sees of it, and how it ends it.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::{
    sql_query,
    sql_types::{BigInt, Double, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{JobError, claim::Claimed, leases::Held};
use crate::database::{Database, DatabaseError, Work, cached};

/// Whoever has this row has the job for the rest of the transaction, also when the lease ends meanwhile.
const HOLD: &str = "SELECT 1 FROM job WHERE id = $1 AND fence = $2 AND state = 'running' FOR UPDATE";
const FINISH: &str = "UPDATE job SET state = 'done', result = $2, error = NULL, lease_owner = NULL, finished_at = now() \
    WHERE id = $1";
/// A step that took longer than the lease had the row, which nobody could take or renew meanwhile: it ends with a lease that is good.
const PROGRESS: &str = "UPDATE job SET done = $2, total = $3, resume = $4, \
        due_at = clock_timestamp() + make_interval(secs => $5) \
    WHERE id = $1";

/// A job that this runner has.
pub struct Leased {
    database: Database,
    kind: &'static str,
    claimed: Claimed,
    held: Held,
    finished: AtomicBool,
}

/// How far a job is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// How much is done, in the handler's own unit.
    pub done: u64,
    /// Of how much, if that is known.
    pub total: Option<u64>,
    /// Where another attempt is to go on, at most 64 KiB; what [`Leased::resume`] will say.
    pub resume: Option<String>,
}

impl Leased {
    pub(super) fn new(database: Database, kind: &'static str, claimed: Claimed, held: Held) -> Self {
        Self { database, kind, claimed, held, finished: AtomicBool::new(false) }
    }

    /// The job's id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.claimed.id
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Its key: the same in all attempts, and so the idempotency key for whoever is asked.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.claimed.key
    }

    /// The how-manieth attempt this is, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.claimed.attempts.unsigned_abs()
    }

    /// What the last [`Progress::resume`] said, when this attempt began.
    #[must_use]
    pub fn resume(&self) -> Option<&str> {
        self.claimed.resume.as_deref()
    }

    /// The span in which it was wanted.
    pub(super) fn traceparent(&self) -> Option<&str> {
        self.claimed.traceparent.as_deref()
    }

    /// Cancelled when the lease is lost. The handler is dropped then; what it has spawned must end by this.
    #[must_use]
    pub fn lost(&self) -> &CancellationToken {
        self.held.lost()
    }

    /// Ends the job and writes its effect in one transaction: both, or neither. What the effect gives is kept as the job's
    /// result, at most 256 KiB of JSON. As in [`Database::unit`] it may be done again from the start.
    ///
    /// # Errors
    /// [`JobError::LeaseLost`], then nothing was written; the effect's own; [`JobError::Transient`] of the database.
    pub async fn finish<R, F>(&self, effect: F) -> Result<(), JobError>
    where
        for<'c> F: AsyncFn(&'c mut AsyncPgConnection) -> Result<R, JobError>
            + Work<&'c mut AsyncPgConnection, Result<R, JobError>, Running: Send>
            + Send
            + Sync,
        R: Serialize + Send,
    {
        self.database
            .unit(async |connection| {
                self.hold_in_txn(connection).await?;
                let result = effect(connection).await?;
                let result = serde_json::to_string(&result).map_err(JobError::permanent)?;
                let finish = sql_query(FINISH)
                    .bind::<SqlUuid, _>(self.claimed.id)
                    .bind::<Nullable<Text>, _>((result != "null").then_some(result));
                cached(finish).execute(connection).await?;
                Ok::<(), JobError>(())
            })
            .await?;
        self.finished.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Tells how far the job is.
    ///
    /// # Errors
    /// [`JobError::LeaseLost`]; [`JobError::Transient`] of the database.
    pub async fn progress(&self, progress: &Progress) -> Result<(), JobError> {
        self.step(progress, async |_| Ok(())).await
    }

    /// Writes the effect of a part of the job and tells how far it is then, in one transaction: so an attempt that goes on at
    /// [`Leased::resume`] leaves no part out and does none twice.
    ///
    /// # Errors
    /// As [`Leased::finish`].
    pub async fn step<F>(&self, progress: &Progress, effect: F) -> Result<(), JobError>
    where
        for<'c> F: AsyncFn(&'c mut AsyncPgConnection) -> Result<(), JobError>
            + Work<&'c mut AsyncPgConnection, Result<(), JobError>, Running: Send>
            + Send
            + Sync,
    {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.database
            .unit(async |connection| {
                self.hold_in_txn(connection).await?;
                effect(connection).await?;
                let progress = sql_query(PROGRESS)
                    .bind::<SqlUuid, _>(self.claimed.id)
                    .bind::<BigInt, _>(number(progress.done))
                    .bind::<Nullable<BigInt>, _>(progress.total.map(number))
                    .bind::<Nullable<Text>, _>(progress.resume.as_deref())
                    .bind::<Double, _>(self.held.length().as_secs_f64());
                cached(progress).execute(connection).await?;
                Ok(())
            })
            .await
    }

    /// Keeps the job for the rest of the transaction.
    pub(super) async fn hold_in_txn(&self, connection: &mut AsyncPgConnection) -> Result<(), JobError> {
        let hold = sql_query(HOLD).bind::<SqlUuid, _>(self.claimed.id).bind::<BigInt, _>(self.claimed.fence);
        match cached(hold).execute(connection).await.map_err(DatabaseError::from)? {
            0 => Err(JobError::LeaseLost),
            _ => Ok(()),
        }
    }

    pub(super) fn payload(&self) -> &str {
        &self.claimed.payload
    }

    pub(super) fn fence(&self) -> i64 {
        self.claimed.fence
    }

    /// Whether it is known to be finished.
    pub(super) fn is_finished(&self) -> bool {
        AtomicBool::load(&self.finished, Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Leased {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kind, claimed, .. } = self;
        formatter.debug_struct("Leased").field("kind", kind).field("key", &claimed.key).finish_non_exhaustive()
    }
}
