//! What all ways out of the house have in common: a delivery's job, from its row to its end.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{
    Database,
    job::{JobError, JobHandler, JobLimits, Leased, Progress, RunAt},
};
use wire::events::notifications::BounceReason;

use super::{Errand, Ways};
use crate::{
    domain::retry::Schedule,
    store::{self, DeliveryState, Ending, Standing, StoreError, Told},
};

/// How long one try may take: the longest is a mail, whose server has five minutes for its last answer.
const TRY_TIMEOUT: Duration = Duration::from_secs(7 * 60);

/// What became of a try.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// It is over.
    Ended(Ending),
    /// It isn't the time for it.
    Postponed(DateTime<Utc>),
    /// It failed, and may be tried again. How far it came: [`DeliveryState::Sending`] if nobody knows.
    Failed { reason: String, state: DeliveryState },
}

/// One way out of the house.
pub(crate) trait Way: Send + Sync + 'static {
    /// The kind of its jobs.
    const KIND: &'static str;
    /// When it is tried again.
    const SCHEDULE: Schedule;

    /// One try. Calls [`begin`] before anything leaves the house.
    fn hand_over<'a>(&'a self, ways: &'a Ways, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Outcome, JobError>>;

    /// What else follows from a try, in the transaction that ends it; the recipient is locked. May change what becomes of it.
    fn conclude<'a>(
        &'a self,
        _connection: &'a mut AsyncPgConnection,
        _told: &'a Told,
        outcome: Outcome,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Outcome, StoreError>> {
        Box::pin(async { Ok(outcome) })
    }
}

/// What one try is about.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub database: &'a Database,
    pub job: &'a Leased,
    pub told: &'a Told,
}

impl Attempt<'_> {
    /// Notes that the delivery is about to leave the house, if this job still has it and it is still to be made.
    pub async fn begin(&self) -> Result<(), JobError> {
        let id = self.told.id;
        self.job
            .step(&Progress::default(), async |connection| {
                // Deleted meanwhile: whoever looks next finds nothing to do.
                if store::delivery_begin_in_txn(connection, id).await? { Ok(()) } else { Err(JobError::LeaseLost) }
            })
            .await
    }
}

/// Makes the deliveries of one way.
pub(crate) struct HandingOver<W> {
    database: Database,
    ways: Arc<Ways>,
    way: W,
}

impl<W: Way> HandingOver<W> {
    pub(crate) fn new(database: Database, ways: Arc<Ways>, way: W) -> Self {
        Self { database, ways, way }
    }

    async fn hand_over(&self, job: &Leased, errand: Errand) -> Result<(), JobError> {
        let Some(mut told) = self.load(errand).await? else { return Ok(()) };
        if told.state == DeliveryState::Collecting {
            let (id, user_id) = (told.id, told.user_id);
            job.step(&Progress::default(), async |connection| {
                store::lock_in_txn(connection, user_id).await?;
                Ok(store::digest_close_in_txn(connection, id).await?)
            })
            .await?;
            // What came until then is in it.
            let Some(closed) = self.load(errand).await? else { return Ok(()) };
            told = closed;
        }
        let attempt = Attempt { database: &self.database, job, told: &told };
        let outcome = self.way.hand_over(&self.ways, attempt).await?;
        job.finish(async |connection| Ok(self.conclude(connection, &told, errand, outcome.clone()).await?)).await
    }

    async fn load(&self, errand: Errand) -> Result<Option<Told>, JobError> {
        let mut connection = self.database.connection().await?;
        Ok(store::delivery_load(&mut connection, errand.id).await?)
    }

    /// Writes what became of a try, in the transaction that ends its job.
    async fn conclude(
        &self,
        connection: &mut AsyncPgConnection,
        told: &Told,
        errand: Errand,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        if store::lock_in_txn(connection, told.user_id).await? == Standing::Erased {
            return Ok(());
        }
        let now = self.ways.clock.now();
        match self.way.conclude(connection, told, outcome, now).await? {
            Outcome::Ended(ending) => {
                store::delivery_end_in_txn(connection, told, &ending).await?;
            }
            Outcome::Postponed(at) => {
                if store::delivery_wait_in_txn(connection, told.id, told.state, "quiet hours").await? {
                    errand.postponed().enqueue_at(connection, W::KIND, at, now).await?;
                }
            }
            Outcome::Failed { reason, state } => {
                let next = errand.after_failure();
                match W::SCHEDULE.after(next.failures) {
                    Some(after) => {
                        if store::delivery_wait_in_txn(connection, told.id, state, &reason).await? {
                            next.enqueue(connection, W::KIND, RunAt::After(after)).await?;
                        }
                    }
                    None => {
                        let ending = Ending::Bounced(BounceReason::GivenUp, reason);
                        store::delivery_end_in_txn(connection, told, &ending).await?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl<W: Way> JobHandler for HandingOver<W> {
    type Payload = Errand;
    const KIND: &'static str = W::KIND;

    /// 8 at once: others are waited for, and a mail server is to bear it.
    fn limits(&self) -> JobLimits {
        let attempt_timeout_ms = u64::try_from(TRY_TIMEOUT.as_millis()).unwrap_or(u64::MAX);
        JobLimits { at_once: 8, attempt_timeout_ms, ..JobLimits::default() }
    }

    fn run<'a>(&'a self, job: &'a Leased, errand: Errand) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.hand_over(job, errand))
    }

    fn gave_up<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        _job: &'a Leased,
        errand: Errand,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let Some(told) = store::delivery_load(connection, errand.id).await? else { return Ok(()) };
            store::lock_in_txn(connection, told.user_id).await?;
            // A digest that nobody will send must not go on collecting.
            store::digest_close_in_txn(connection, told.id).await?;
            let ending = Ending::Bounced(BounceReason::GivenUp, "its job was given up".to_owned());
            store::delivery_end_in_txn(connection, &told, &ending).await?;
            Ok(())
        })
    }
}
