//! What a service's tables tell: a few short statements on one connection.

use std::time::Duration;

use chrono::Utc;
use diesel_async::SimpleAsyncConnection as _;

use super::{catalogue, page::OfService};
use crate::{Database, database::DatabaseError, dead_letter, job, outbox, projection, saga};

/// What was found in one service's tables.
pub(super) struct Found {
    /// `None` while a part of what waits can't be had: the others alone would tell too little.
    outbox: Option<outbox::Status>,
    dead_letters: Vec<(String, u64)>,
    sagas: Vec<saga::StatusCount>,
    projections: Vec<projection::Status>,
    jobs: Vec<job::KindStatus>,
}

/// Half of the time that a look may take: what is given up there must not go on in the server, scrape for scrape.
const STATEMENT_TIMEOUT: &str = "SET LOCAL statement_timeout = '500ms'";

/// Looks into them.
pub(super) async fn look(database: &Database) -> Result<Found, DatabaseError> {
    database
        .unit(async |connection| {
            connection.batch_execute(STATEMENT_TIMEOUT).await?;
            Ok(Found {
                outbox: Some(outbox::status(connection).await?),
                dead_letters: dead_letter::count_by_consumer(connection).await?,
                sagas: saga::status(connection).await?,
                projections: projection::status(connection).await?,
                jobs: job::status(connection).await?,
            })
        })
        .await
}

impl Found {
    /// The same with what waits beside the outbox, if that could be had.
    pub(super) fn with_pending(self, pending: Option<Vec<outbox::Status>>) -> Self {
        let together = |outbox| Some(pending?.into_iter().fold(outbox, outbox::Status::and));
        Self { outbox: self.outbox.and_then(together), ..self }
    }

    pub(super) fn tell(&self, page: &mut OfService<'_>) {
        if let Some(outbox) = self.outbox {
            page.whole(&catalogue::OUTBOX_MESSAGES, &[], outbox.waiting);
            page.seconds(&catalogue::OUTBOX_OLDEST_AGE, &[], seconds(outbox.oldest_age));
        }
        for (consumer, letters) in &self.dead_letters {
            page.whole(&catalogue::DEAD_LETTERS, &[consumer], *letters);
        }
        for saga in &self.sagas {
            let (kind, state) = (&*saga.kind, saga.status.as_str());
            page.whole(&catalogue::SAGAS, &[kind, state], saga.sagas);
            page.whole(&catalogue::SAGAS_OVERDUE, &[kind], saga.overdue);
            let age = Utc::now().signed_duration_since(saga.oldest).to_std().unwrap_or_default();
            page.seconds(&catalogue::SAGA_OLDEST_AGE, &[kind, state], age.as_secs_f64());
        }
        for projection in &self.projections {
            let labels = [projection.name.as_str(), projection.generation.as_str()];
            page.whole(&catalogue::PROJECTION_POSITION, &labels, projection.position);
            page.whole(&catalogue::PROJECTION_BEHIND, &labels, projection.head.saturating_sub(projection.position));
            page.whole(&catalogue::PROJECTION_FAILED, &labels, projection.failure.is_some().into());
        }
        for job in &self.jobs {
            for (state, jobs) in [("waiting", job.waiting), ("running", job.running), ("failed", job.failed)] {
                page.whole(&catalogue::JOBS, &[&job.kind, state], jobs);
            }
            page.whole(&catalogue::JOB_PROGRESS_DONE, &[&job.kind], job.done);
            page.whole(&catalogue::JOB_PROGRESS_TOTAL, &[&job.kind], job.total);
            page.seconds(&catalogue::JOB_OLDEST_AGE, &[&job.kind], seconds(job.oldest_waiting));
        }
    }
}

fn seconds(age: Option<Duration>) -> f64 {
    age.unwrap_or_default().as_secs_f64()
}
