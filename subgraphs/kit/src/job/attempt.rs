//! One attempt at one job, and what becomes of it.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::{
    sql_query,
    sql_types::{BigInt, Double, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::{JobError, Leased, handler::AnyHandler};
use crate::{
    database::{Database, DatabaseError, cached, describe, storable, wake_jobs_after_commit},
    panic_text::panic_text,
    trace::{Parent, Span},
};

/// Characters of a reason that are kept: what went wrong stands at its beginning.
const REASON_CHARACTERS_MAX: usize = 1_000;

const RETRY: &str = "UPDATE job SET state = 'waiting', lease_owner = NULL, error = $3, \
        due_at = clock_timestamp() + make_interval(secs => $4) \
    WHERE id = $1 AND fence = $2 AND state = 'running'";
/// As if it hadn't been taken.
const HAND_BACK: &str = "UPDATE job SET state = 'waiting', lease_owner = NULL, due_at = clock_timestamp(), \
        attempts = attempts - 1 \
    WHERE id = $1 AND fence = $2 AND state = 'running'";
const FAIL: &str = "UPDATE job SET state = 'failed', lease_owner = NULL, error = $2, finished_at = now() WHERE id = $1";

/// Attempts at jobs of one kind.
pub(super) struct Attempts {
    pub database: Database,
    pub handler: Arc<dyn AnyHandler>,
    /// Cancelled when nothing may go on any more.
    pub halt: CancellationToken,
}

/// How an attempt ended.
enum Outcome {
    /// With an effect, or it needs none.
    Done,
    /// Somebody else has it, or nobody wants it any more.
    Lost,
    /// The runner may not wait for it.
    Halted,
    Transient(String),
    Permanent(String),
}

impl Outcome {
    /// What metrics call it.
    const fn counted(&self, may_be_tried_again: bool) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Lost => "lost",
            Self::Halted => "halted",
            Self::Transient(_) if may_be_tried_again => "retried",
            Self::Transient(_) | Self::Permanent(_) => "failed",
        }
    }
}

impl Attempts {
    /// Tries a job once and keeps what becomes of it; whether it is finished, or may be due again. What can't be kept is found out by the
    /// next who takes the job.
    pub(super) async fn attempt(&self, job: Leased) -> bool {
        let began = Instant::now();
        let span = span(&job);
        let outcome = span.run(self.outcome(&job)).await;
        let counted = outcome.counted(job.attempt() < self.handler.limits().attempts_max);
        self.database.metrics().job_attempt(job.kind(), counted, began.elapsed());
        if counted != "done" {
            span.fail(counted);
        }
        if let Err(error) = span.run(self.keep(&job, outcome)).await {
            let (kind, key, error) = (job.kind(), job.key(), describe(&error));
            tracing::warn!(kind, key, %error, "the outcome of a job can't be written; it will be tried again");
        }
        job.is_finished()
    }

    async fn outcome(&self, job: &Leased) -> Outcome {
        let limits = self.handler.limits();
        // It was taken so often, and who took it is gone each time: perhaps because of it.
        if job.attempt() > limits.attempts_max {
            return Outcome::Permanent(format!("not done after {} attempts", limits.attempts_max));
        }
        let timeout = Duration::from_millis(limits.attempt_timeout_ms);
        let running = AssertUnwindSafe(tokio::time::timeout(timeout, self.handler.run(job))).catch_unwind();
        let ended = tokio::select! {
            biased;
            () = job.lost().cancelled() => return Outcome::Lost,
            () = self.halt.cancelled() => return Outcome::Halted,
            ended = running => ended,
        };
        match ended {
            Ok(Ok(Ok(()))) => Outcome::Done,
            Ok(Ok(Err(JobError::LeaseLost))) => Outcome::Lost,
            Ok(Ok(Err(error @ JobError::Permanent(_)))) => Outcome::Permanent(describe(&error)),
            Ok(Ok(Err(error @ JobError::Transient(_)))) => Outcome::Transient(describe(&error)),
            Ok(Err(_)) => Outcome::Transient(format!("it takes longer than {timeout:?}")),
            Err(panic) => Outcome::Permanent(format!("the handler panicked: {}", panic_text(&*panic))),
        }
    }

    async fn keep(&self, job: &Leased, outcome: Outcome) -> Result<(), JobError> {
        if job.is_finished() {
            return Ok(());
        }
        let limits = self.handler.limits();
        let kept = match outcome {
            Outcome::Lost => Ok(()),
            Outcome::Halted => self.hand_back(job).await.map_err(JobError::from),
            Outcome::Done => job.finish(async |_| Ok(())).await,
            Outcome::Transient(reason) if job.attempt() < limits.attempts_max => {
                let wait = limits.retry_after(job.attempt());
                self.retry(job, &reason, wait).await.map_err(JobError::from)
            }
            Outcome::Transient(reason) | Outcome::Permanent(reason) => match self.give_up(job, &reason).await {
                Ok(()) => Ok(()),
                Err(JobError::LeaseLost) => Err(JobError::LeaseLost),
                Err(error) => {
                    let reason = format!("{reason}; it can't be given up: {}", describe(&error));
                    let wait = Duration::from_millis(limits.retry_longest_ms);
                    self.retry(job, &reason, wait).await?;
                    Err(error)
                }
            },
        };
        match kept {
            Err(JobError::LeaseLost) => Ok(()),
            kept => kept,
        }
    }

    async fn retry(&self, job: &Leased, reason: &str, wait: Duration) -> Result<(), DatabaseError> {
        let retry = sql_query(RETRY)
            .bind::<SqlUuid, _>(job.id())
            .bind::<BigInt, _>(job.fence())
            .bind::<Text, _>(storable(reason, REASON_CHARACTERS_MAX))
            .bind::<Double, _>(wait.as_secs_f64());
        cached(retry).execute(&mut self.database.connection().await?).await?;
        Ok(())
    }

    async fn hand_back(&self, job: &Leased) -> Result<(), DatabaseError> {
        let hand_back = sql_query(HAND_BACK).bind::<SqlUuid, _>(job.id()).bind::<BigInt, _>(job.fence());
        let mut connection = self.database.connection().await?;
        if cached(hand_back).execute(&mut connection).await? > 0 {
            // If others aren't told they find out by themselves.
            drop(wake_jobs_after_commit(&mut connection, job.kind()).await);
        }
        Ok(())
    }

    async fn give_up(&self, job: &Leased, reason: &str) -> Result<(), JobError> {
        tracing::warn!(kind = job.kind(), key = job.key(), reason, "a job is given up");
        self.database
            .unit(async |connection| {
                job.hold_in_txn(connection).await?;
                self.handler.gave_up(connection, job).await?;
                let reason = storable(reason, REASON_CHARACTERS_MAX);
                let fail = sql_query(FAIL).bind::<SqlUuid, _>(job.id()).bind::<Text, _>(reason);
                cached(fail).execute(connection).await?;
                Ok(())
            })
            .await
    }
}

/// One attempt, as a part of the trace in which the job was wanted.
fn span(job: &Leased) -> Span {
    Span::internal(Parent::Remote(job.traceparent()), || {
        let (kind, id, attempt) = (job.kind(), job.id().to_string(), i64::from(job.attempt()));
        let attributes = vec![("job.kind", kind.into()), ("job.id", id.into()), ("job.attempt", attempt.into())];
        (format!("job {kind}"), attributes)
    })
}
