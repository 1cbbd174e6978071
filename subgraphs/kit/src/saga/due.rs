//! Waking sagas: those whose deadline has passed, and those that are to be retried.

use std::{marker::PhantomData, time::Duration};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Double, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures::StreamExt as _;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Effects, RunnerConfig, Status, StepError,
    advance::advance,
    hear::stick,
    heard::Heard,
    kept,
    row::{self, Current},
    unsent,
};
use crate::{
    database::{Cause, Database, DatabaseError, Failed, cached},
    outage::{Outage, back_off},
};

/// How often a step is tried that something is in the way of, before the saga is stuck; and the first wait between two tries, and the
/// longest: some seconds altogether.
const ATTEMPTS_MAX: u32 = 6;
const ATTEMPTS_APART: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// How long a look lasts by which nothing was found but what others were at: some steps.
const BUSY: Duration = Duration::from_millis(50);

/// `now()` is the statement's beginning here, and can be looked up in an index.
const DUE: &str = "(SELECT id FROM saga WHERE kind = $1 AND status = 'active' AND deadline IS NOT NULL AND deadline <= now() \
        ORDER BY deadline LIMIT $2) \
    UNION ALL (SELECT id FROM saga WHERE kind = $1 AND status = 'retrying' ORDER BY id LIMIT $2)";
const NEXT: &str = "SELECT extract(epoch FROM min(deadline) - now())::float8 AS seconds FROM saga \
    WHERE kind = $1 AND status = 'active' AND deadline IS NOT NULL";

/// Wakes the sagas of a kind.
pub(super) struct Waking<S> {
    pub database: Database,
    pub config: RunnerConfig,
    pub saga: PhantomData<fn() -> S>,
}

impl<S: Effects> Waking<S> {
    /// Runs until `stop`; then finishes the steps under way.
    pub(super) async fn run(self, stop: CancellationToken) {
        let mut outage = Outage::none(format!("waking the sagas {}", S::KIND));
        while !stop.is_cancelled() {
            let wait = match self.round(&stop).await {
                Ok(wait) => {
                    outage.ended();
                    wait
                }
                Err(error) => outage.failed(&error),
            };
            stop.run_until_cancelled(tokio::time::sleep(wait)).await;
        }
    }

    /// Wakes a batch of those that are due; how long there is nothing to do.
    async fn round(&self, stop: &CancellationToken) -> Result<Duration, StepError> {
        let due = self.due().await?;
        if due.is_empty() {
            return self.next().await;
        }
        let waking = futures::stream::iter(due).map(|id| self.wake(id, stop));
        let mut waking = waking.buffer_unordered(self.config.connections_max.max(1));
        let (mut outcome, mut are_woken) = (Ok(()), false);
        while let Some(woken) = waking.next().await {
            are_woken |= matches!(woken, Ok(true));
            outcome = outcome.and(woken.map(|_| ()));
        }
        // If others are at all of them, they needn't be asked about it all the time.
        outcome.map(|()| if are_woken { Duration::ZERO } else { BUSY })
    }

    async fn due(&self) -> Result<Vec<Uuid>, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let batch = i64::from(self.config.batch_max.max(1));
        let due = sql_query(DUE).bind::<Text, _>(S::KIND).bind::<BigInt, _>(batch);
        let due: Vec<Due> = cached(due).load(&mut connection).await?;
        Ok(due.into_iter().map(|Due { id }| id).collect())
    }

    async fn next(&self) -> Result<Duration, StepError> {
        let mut connection = self.database.connection().await?;
        let Next { seconds } = cached(sql_query(NEXT).bind::<Text, _>(S::KIND)).get_result(&mut connection).await?;
        let poll = Duration::from_millis(self.config.poll_ms);
        let next = seconds.map_or(poll, |seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
        Ok(next.min(poll))
    }

    /// Wakes one, or marks it as stuck if it can't be woken; `false` if it is none of this runner's business any more. An error is the
    /// database's.
    async fn wake(&self, id: Uuid, stop: &CancellationToken) -> Result<bool, StepError> {
        for attempt in 1..=ATTEMPTS_MAX {
            match self.database.try_unit(async |connection| wake::<S>(connection, id).await).await {
                Ok(is_woken) => return Ok(is_woken),
                Err(Failed { error, cause: Cause::Lost }) => return Err(error),
                Err(Failed { error, .. }) if attempt == ATTEMPTS_MAX => {
                    return self.database.unit(async |connection| give_up::<S>(connection, id, &error).await).await;
                }
                Err(_) => {
                    let wait = back_off(attempt, ATTEMPTS_APART.0, ATTEMPTS_APART.1);
                    // It will be woken when this runs again.
                    if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(false)
    }
}

/// Tells a saga that its deadline has passed, or the first of what was kept for it; `false` if somebody else does.
async fn wake<S: Effects>(connection: &mut AsyncPgConnection, id: Uuid) -> Result<bool, StepError> {
    let Some(mut current) = row::try_lock(connection, S::KIND, id).await? else { return Ok(false) };
    match current.status {
        Status::Active if current.deadline.is_some_and(|deadline| deadline <= current.now) => {
            if unsent::postpone(connection, S::KIND, &current).await? {
                return Ok(true);
            }
            match advance::<S>(connection, &mut current, &Heard::Deadline).await {
                Ok(_) => Ok(true),
                // The deadline stays in the row, and has passed also when it is retried.
                Err(error) if error.is_final() => stick::<S>(connection, current, &error).await.map(|()| true),
                Err(error) => Err(error),
            }
        }
        Status::Retrying => retry::<S>(connection, current).await.map(|()| true),
        _ => Ok(false),
    }
}

/// The first of what was kept; with the last of it the saga is active again.
async fn retry<S: Effects>(connection: &mut AsyncPgConnection, mut current: Current) -> Result<(), StepError> {
    let Some(first) = kept::oldest(connection, S::KIND, current.id).await? else {
        current.status = Status::Active;
        return row::write(connection, S::KIND, &current).await;
    };
    let stuck = current.clone();
    if first.is_last {
        current.status = Status::Active;
    }
    let heard = match first.heard {
        Ok(heard) => advance::<S>(connection, &mut current, &heard).await,
        Err(error) => Err(error.into()),
    };
    match heard {
        Ok(_) => {
            row::write(connection, S::KIND, &current).await?;
            match current.status {
                Status::Ended => kept::drop_all(connection, S::KIND, current.id).await,
                _ => kept::drop_one(connection, S::KIND, current.id, first.number).await,
            }
        }
        Err(error) if error.is_final() => stick::<S>(connection, stuck, &error).await,
        Err(error) => Err(error),
    }
}

/// It couldn't be woken, time and again.
async fn give_up<S: Effects>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    error: &StepError,
) -> Result<bool, StepError> {
    match row::try_lock(connection, S::KIND, id).await? {
        Some(current) if matches!(current.status, Status::Active | Status::Retrying) => {
            stick::<S>(connection, current, error).await.map(|()| true)
        }
        _ => Ok(false),
    }
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Next {
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}
